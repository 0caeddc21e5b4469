import { h, setAttribute, setText } from '../dom.js';
import { bytes, count, duration, exact, time } from '../format.js';
import { groupOf } from '../outcomes.js';
import { Table } from './table.js';

const faults = { repository: 'the repository', forge: 'the forge', network: 'the network', ours: 'our own' };

export const outcomeChip = (cell) => {
    const chip = h('span', { class: 'outcome' });
    const mark = h('span', { class: 'mark', 'aria-hidden': 'true' });
    const word = h('span');
    chip.append(mark, word);
    cell.append(chip);
    return (outcome) => {
        setText(word, outcome);
        setAttribute(mark, 'class', `mark fill-${outcome === 'rejected' ? 'passed' : groupOf(outcome).key}`);
    };
};

/** A repository's URL, as text, that leads to what is known of it. */
export const repositoryLink = (cell) => {
    const link = h('a', { class: 'url' });
    cell.append(link);
    return (url) => {
        setText(link, url);
        setAttribute(link, 'href', `#/repository?url=${encodeURIComponent(url)}`);
        setAttribute(link, 'title', url);
    };
};

/** The URL; where there is no room for a column, the reason below it. */
function urlCell(cell) {
    const update = repositoryLink(cell);
    const reason = h('span', { class: 'only-narrow' });
    cell.append(reason);
    return (report) => {
        update(report.url);
        setText(reason, report.error ?? '');
    };
}

const columns = {
    number: { key: 'number', label: 'Line', numeric: true, hide: 'narrow', sort: (r) => r.number ?? null, text: (r) => count(r.number) },
    url: { key: 'url', label: 'Repository', rowHeader: true, class: 'url-cell', sort: (r) => r.url, build: urlCell },
    outcome: { key: 'outcome', label: 'Outcome', sort: (r) => r.outcome, build: (cell) => { const update = outcomeChip(cell); return (r) => update(r.outcome); } },
    reason: {
        key: 'reason', label: 'Reason', class: 'reason-cell', hide: 'narrow', sort: (r) => r.error ?? null, text: (r) => r.error ?? '', title: (r) => r.error ?? null,
    },
    fault: { key: 'fault', label: 'Fault of', hide: 'medium', sort: (r) => r.fault ?? null, text: (r) => faults[r.fault] ?? '' },
    retry: { key: 'retry', label: 'Again', numeric: true, hide: 'small', about: 'When it makes sense to come again', sort: (r) => r.retryAt ?? null, text: (r) => r.retryAt ? time(r.retryAt) : '–', title: (r) => exact(r.retryAt) },
    elapsed: { key: 'elapsed', label: 'Took', numeric: true, sort: (r) => r.elapsedMs ?? null, text: (r) => duration((r.elapsedMs ?? NaN) / 1000) },
    received: { key: 'received', label: 'Received', numeric: true, hide: 'narrow', sort: (r) => r.bytesReceived ?? null, text: (r) => bytes(r.bytesReceived) },
    objects: { key: 'objects', label: 'Objects', numeric: true, hide: 'small', sort: (r) => r.objects ?? null, text: (r) => count(r.objects) },
    requests: { key: 'requests', label: 'Requests', numeric: true, hide: 'small', sort: (r) => r.requests ?? null, text: (r) => count(r.requests) },
};

/** Rows are syncs' reports (and rejected lines, as rows of the same members). */
export function reportsTable({ caption, show, empty, limit = 25, hasFilter = true, sort = {}, key = (r) => r.url, controls = [] }) {
    return new Table({
        caption, columns: show.map((name) => columns[name]), key, sort, limit, empty, controls,
        filter: hasFilter ? (r) => `${r.url} ${r.outcome} ${r.error ?? ''} ${faults[r.fault] ?? ''}` : null, filterLabel: 'Filter by URL, outcome or reason',
    });
}
