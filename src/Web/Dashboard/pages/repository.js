// Why is this one not done? What is known of one repository: sentences, its last visits, its heads.

import { call, textWithin } from '../api.js';
import { h, setText } from '../dom.js';
import { bytes, count, duration, exact, plural, time } from '../format.js';
import { panel, waiting } from '../parts/panel.js';
import { outcomeChip } from '../parts/reports-table.js';
import { Table } from '../parts/table.js';

const headsCharactersMax = 8 << 20;

export function create({ url }) {
    const page = h('div', { class: 'page' });
    let isGone = false;
    const draw = (...content) => { if (!isGone) { page.replaceChildren(...content); } };
    if (!url) {
        draw(panel('Why is this one not done?', { level: 1 }, h('p', {}, 'Type a repository’s URL into the field at the top: https, http, git and ssh URLs, user@host:path, and short forms such as gh:owner/name.')));
    } else {
        draw(panel('Why is this one not done?', { level: 1 }, h('p', { class: 'asked' }, url), waiting()));
        read(url).then((content) => draw(...content), (error) => draw(panel('Why is this one not done?', { level: 1 },
            h('p', { class: 'asked' }, url), h('p', { class: 'problem', role: 'alert' }, error.message), h('button', { type: 'button', onclick: () => window.dispatchEvent(new Event('hashchange')) }, 'Ask again'))));
    }

    return { title: 'Repository', element: page, dispose: () => { isGone = true; } };
}

async function read(url) {
    const query = `url=${encodeURIComponent(url)}`;
    const known = await call('GET', `/api/v1/repositories?${query}`);
    const why = panel('Why is this one not done?', { level: 1, actions: [h('button', { type: 'button', onclick: () => window.dispatchEvent(new Event('hashchange')) }, 'Ask again')] },
        h('p', { class: 'asked' }, known.url),
        known.explain.length === 0 ? h('p', {}, 'Nothing holds it back that this server knows of.') : h('ul', { class: 'sentences' }, ...known.explain.map((sentence) => h('li', {}, sentence))));
    if (known.repository === null) {
        return [why, panel('Not known', {}, h('p', {}, 'No campaign has visited it. Submit a list that has it, or look at how its URL is written: the one above is the canonical form.'))];
    }

    const visits = await call('GET', `/api/v1/repositories/visits?${query}&max=100`);
    const heads = h('div', {}, h('button', { type: 'button', onclick: async (event) => {
        event.currentTarget.disabled = true;
        setText(heads, 'Reading…');
        heads.replaceChildren(...await readHeads(query));
    } }, 'Read its heads'));
    if (known.repository.snapshot === null) {
        heads.replaceChildren(h('p', { class: 'muted' }, 'None: no visit has succeeded yet.'));
    }

    return [why, h('div', { class: 'grid' }, panel('As it stands', {}, facts(known.repository)), panel('Heads', {}, heads), panel('Visits', { wide: true, note: h('span', { class: 'muted' }, plural(known.repository.visits, 'visit')) }, visitsTable(visits.visits)))];
}

function facts(state) {
    const chip = h('span');
    if (state.outcome !== null) {
        outcomeChip(chip)(state.outcome);
    }

    const when = (value) => h('span', { title: exact(value) }, time(value));
    const rows = [
        ['Last outcome', state.outcome === null ? 'never visited' : chip], ['Last visit', when(state.visitedAt)], ['Last success', when(state.succeededAt)],
        ['Failures in a row', count(state.failures)], ['To be tried again', state.retryAt === null ? '–' : when(state.retryAt)], ['Forge host', state.host],
        ['Size of a clone', bytes(state.cloneBytes ?? NaN)], ['Moved to', state.movedTo ?? '–'], ['Snapshot', h('code', {}, state.snapshot ?? '–')],
    ];
    return h('dl', { class: 'facts' }, ...rows.map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))));
}

const outcomeCell = (cell) => {
    const update = outcomeChip(cell);
    return (visit) => update(visit.outcome);
};

function visitsTable(visits) {
    const table = new Table({
        caption: 'Visits', key: (v) => v.number, sort: { key: 'number', descending: true }, limit: 25, empty: () => h('p', {}, 'No visit yet.'),
        columns: [
            { key: 'number', label: 'Visit', numeric: true, sort: (v) => v.number, text: (v) => count(v.number) },
            { key: 'at', label: 'When', sort: (v) => v.startedAt, text: (v) => time(v.startedAt), title: (v) => exact(v.startedAt) },
            { key: 'outcome', label: 'Outcome', sort: (v) => v.outcome, build: outcomeCell },
            { key: 'error', label: 'Reason', class: 'reason-cell', sort: (v) => v.error, text: (v) => v.error ?? '', title: (v) => v.error },
            { key: 'elapsed', label: 'Took', numeric: true, sort: (v) => v.elapsedMs, text: (v) => duration(v.elapsedMs / 1000) },
            { key: 'received', label: 'Received', numeric: true, hide: 'narrow', sort: (v) => v.bytesReceived, text: (v) => bytes(v.bytesReceived) },
            { key: 'objects', label: 'Objects', numeric: true, hide: 'narrow', sort: (v) => v.objects, text: (v) => count(v.objects) },
            { key: 'campaign', label: 'Campaign', numeric: true, hide: 'medium', sort: (v) => v.campaign, text: (v) => v.campaign === null ? '–' : `#${v.campaign}` },
        ],
    });
    table.update(visits);
    return table.element;
}

async function readHeads(query) {
    try {
        const text = await textWithin(`/api/v1/repositories/heads?${query}`, headsCharactersMax);
        if (text === null) {
            return [h('p', {}, 'It has more heads than a page can show (over 8 MB of them). `actors heads` prints them all.')];
        }

        const { branches } = JSON.parse(text);
        const table = new Table({
            caption: 'Heads', key: (b) => b.name, sort: { key: 'name', descending: false }, limit: 20, filter: (b) => `${b.name} ${targetOf(b)}`, filterLabel: 'Filter by name or oid', empty: () => h('p', {}, 'It has none.'),
            columns: [
                { key: 'name', label: 'Name', rowHeader: true, class: 'url-cell', sort: (b) => b.name, text: (b) => b.name, title: (b) => b.name },
                { key: 'target', label: 'Points at', class: 'oid', text: targetOf, title: targetOf },
            ],
        });
        table.update(branches);
        return [h('p', {}, plural(branches.length, 'head')), table.element];
    } catch (error) {
        return [h('p', { class: 'problem', role: 'alert' }, error.message)];
    }
}

const targetOf = (branch) => branch.oid ?? branch.aliasOf ?? branch.target ?? '–';
