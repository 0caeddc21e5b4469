// One campaign: live from its events, with the last lines of its report.

import { ApiError, call, events, jsonLines } from '../api.js';
import { connectionLost } from '../feeds.js';
import { copyable, h, Keyed, say, setText } from '../dom.js';
import { bytes, compact, count, duration, exact, percent, rate, secondsUntil, time } from '../format.js';
import { campaignRate, noteCampaign, ofCampaign } from '../history.js';
import { groups, names, sums, total } from '../outcomes.js';
import { handled, progressBar, shareDone } from '../parts/bars.js';
import { phaseChip, phases, secondsLeft, steering } from '../parts/campaigns-table.js';
import { OutcomeChart } from '../parts/chart.js';
import { changePriority, titleOf } from '../parts/deeds.js';
import { figures, panel } from '../parts/panel.js';
import { reportsTable } from '../parts/reports-table.js';

const linesKept = 2000;
const drawMilliseconds = 500;

export function create({ id }) {
    const ends = new AbortController();
    let campaign = null;
    const view = build(id, () => campaign);

    const show = (now) => {
        const before = campaign?.phase;
        campaign = now;
        noteCampaign(now);
        view.update(now);
        if (before !== undefined && before !== now.phase) {
            say(`${titleOf(now)}: ${phases[now.phase]?.label ?? now.phase}`);
        }
    };

    follow(ends.signal, () => view.missing(), async () => {
        for await (const now of events(`/api/v1/campaigns/${id}/events`, ends.signal)) {
            show(now);
        }

        show(await call('GET', `/api/v1/campaigns/${id}`));
        return campaign.phase === 'done' || campaign.phase === 'cancelled';
    });
    followReport(id, ends.signal, view.report);
    // Rates and times left move on without events too.
    const ticks = setInterval(() => { if (campaign !== null) { view.update(campaign); } }, 2000);
    return {
        title: `Campaign ${id}`,
        element: view.element,
        dispose() {
            ends.abort();
            clearInterval(ticks);
            view.dispose();
        },
    };
}

/** Reads a stream until it has ended for good; comes again when it breaks. */
async function follow(signal, missing, read) {
    for (let failures = 0; !signal.aborted;) {
        try {
            if (await read()) {
                return;
            }

            failures = 0;
        } catch (error) {
            if (signal.aborted) {
                return;
            }

            if (error instanceof ApiError && (error.status === 404 || error.status === 400)) {
                missing(error);
                return;
            }

            if (error.status === 401) {
                return;
            }

            failures++;
            connectionLost();
        }

        await new Promise((resolve) => setTimeout(resolve, Math.min(15, 2 ** Math.min(failures, 5)) * 1000));
    }
}

/** The report's end: numbers have no gaps, so the number of lines says where its last ones begin. */
async function followReport(id, signal, show) {
    let after = null;
    await follow(signal, () => {}, async () => {
        if (after === null) {
            const { progress } = await call('GET', `/api/v1/campaigns/${id}`);
            after = Math.max(0, total(progress.outcomes) + progress.rejected - linesKept);
        }

        for await (const lines of jsonLines(`/api/v1/campaigns/${id}/report?after=${after}&follow=true`, signal)) {
            if (lines.length > 0) {
                after = lines.at(-1).number;
                show(lines.map(rowOf));
            }
        }

        const { phase } = await call('GET', `/api/v1/campaigns/${id}`);
        return phase === 'done' || phase === 'cancelled';
    });
}

const rowOf = (line) => line.rejected === undefined ? line
    : { number: line.number, url: line.rejected.text, outcome: 'rejected', error: `line ${count(line.rejected.line)}: ${line.rejected.reason}` };

function build(id, present) {
    const title = h('h1', {}, `Campaign ${id}`);
    const chip = phaseChip();
    const deeds = steering(false);
    const priority = h('button', { type: 'button', onclick: () => changePriority(present()) }, 'Priority');
    const bar = progressBar('Progress');
    const barText = h('p', { class: 'bar-text' });
    const head = figures([
        { key: 'rate', label: 'Syncs a second' }, { key: 'left', label: 'Time left' }, { key: 'done', label: 'Ended' }, { key: 'running', label: 'At work' },
        { key: 'received', label: 'Received' }, { key: 'saved', label: 'Saved', about: 'What clones of the same repositories would have received beyond that' },
        { key: 'objects', label: 'New objects' }, { key: 'priority', label: 'Priority' },
    ]);
    const chart = new OutcomeChart('Outcomes a second', () => ofCampaign(Number(id)));
    const outcomes = outcomeList();
    const hosts = hostList();
    const report = reportTail();
    const body = h('div', { class: 'grid' },
        h('div', { class: 'is-wide' }, head.element),
        panel('Outcomes a second', { actions: [chart.choice] }, chart.element),
        panel('Outcomes so far', {}, outcomes.element),
        panel('Report, the last lines', { note: report.note, wide: true }, report.element),
        panel('Hosts at work for it', {}, hosts.element),
        panel('The whole report', {}, h('p', { class: 'muted' }, 'One JSON object a line, from the first:'), copyable(`curl '${location.origin}/api/v1/campaigns/${id}/report'`)));
    const element = h('div', { class: 'page' },
        h('div', { class: 'page-head' }, h('a', { href: '#/campaigns', class: 'back' }, 'Campaigns'), h('div', { class: 'row' }, title, chip.element, h('span', { class: 'spring' }), priority, ...deeds.elements)),
        h('div', { class: 'campaign-bar' }, bar.element, barText), body);
    priority.hidden = true;
    deeds.elements.forEach((button) => { button.hidden = true; });
    return {
        element,
        report: report.add,
        dispose: () => { chart.dispose(); report.dispose(); },
        missing(error) {
            element.replaceChildren(h('div', { class: 'panel' }, h('h1', {}, 'No such campaign'), h('p', {}, error?.message ?? `There is no campaign ${id}.`), h('p', {}, h('a', { href: '#/campaigns' }, 'All campaigns'))));
        },
        update(campaign) {
            const { progress } = campaign;
            setText(title, titleOf(campaign));
            document.title = `${titleOf(campaign)} · ${percent(shareDone(campaign))} · Actors`;
            chip.update(campaign.phase);
            deeds.update(campaign);
            priority.hidden = campaign.phase === 'done' || campaign.phase === 'cancelled';
            bar.update(campaign);
            const passed = progress.duplicates + progress.rejected + progress.skipped;
            setText(barText, `${percent(shareDone(campaign), 1)} · ${count(handled(campaign))} of ${count(campaign.lines)} lines`
                + (passed === 0 ? '' : ` · without a sync ${count(passed)}: ${count(progress.duplicates)} duplicates, ${count(progress.rejected)} rejected, ${count(progress.skipped)} skipped`));
            drawFigures(head, campaign);
            chart.draw();
            outcomes.update(progress.outcomes);
            hosts.update(progress.hosts);
        },
    };
}

function drawFigures(head, campaign) {
    const { progress } = campaign;
    const left = secondsLeft(campaign);
    const all = progress.bytesReceived + progress.bytesSaved;
    head.update({
        rate: [campaign.phase === 'running' ? rate(campaignRate(campaign.id)) : '–', ''],
        left: [duration(left), left === null ? (campaign.endedAt === null ? '' : `ended ${time(campaign.endedAt)}`) : `until ${time(Date.now() + left * 1000)}`],
        done: [compact(total(progress.outcomes)), `since ${time(campaign.submittedAt)}`],
        running: [count(progress.running), `${compact(progress.requests)} requests`],
        received: [bytes(progress.bytesReceived), `${bytes(ofCampaign(campaign.id)?.rates()?.at(-1))}/s`],
        saved: [bytes(progress.bytesSaved), all === 0 ? '' : `${percent(progress.bytesSaved / all, 1)} of clones`],
        objects: [compact(progress.objects), `refs: ${campaign.order.refs}`],
        priority: [String(campaign.order.priority).replace('-', '−'), campaign.order.maxAgeSeconds > 0 ? `older than ${duration(campaign.order.maxAgeSeconds)}` : ''],
    });
}

/** Counts of all outcomes that occurred, by group. */
function outcomeList() {
    const body = h('tbody');
    const rows = new Keyed(body, (item) => item.outcome, (item) => {
        const number = h('td', { class: 'number' });
        const share = h('td', { class: 'number muted' });
        return {
            element: h('tr', {}, h('th', { scope: 'row' }, h('span', { class: 'outcome' }, h('span', { class: `mark fill-${item.group}`, 'aria-hidden': 'true' }), item.outcome)), number, share),
            update(now) {
                setText(number, count(now.number));
                setText(share, percent(now.share, 1));
            },
        };
    });
    const nothing = h('p', { class: 'muted' }, 'No sync has ended yet.');
    const table = h('table', { class: 'plain' }, h('caption', { class: 'unseen' }, 'Outcomes so far'), h('thead', {}, h('tr', {}, ...['Outcome', 'Syncs', 'Share'].map((label, i) => h('th', { scope: 'col', class: i > 0 ? 'number' : null }, label)))), body);
    return {
        element: h('div', {}, table, nothing),
        update(outcomes) {
            const all = Math.max(1, total(outcomes));
            const items = groups.flatMap((group) => Object.entries(outcomes).filter(([outcome]) => group.outcomes.includes(outcome) || (group.key === 'wrong' && !names.includes(outcome)))
                .map(([outcome, number]) => ({ outcome, number, group: group.key, share: number / all })));
            rows.update(items);
            table.hidden = items.length === 0;
            nothing.hidden = items.length > 0;
        },
    };
}

function hostList() {
    const body = h('tbody');
    const rows = new Keyed(body, (host) => host.host, () => {
        const name = h('th', { scope: 'row' });
        const cells = Array.from({ length: 4 }, () => h('td', { class: 'number' }));
        return {
            element: h('tr', {}, name, ...cells),
            update(host) {
                const silent = secondsUntil(host.silentUntil, Date.now());
                setText(name, host.host);
                [count(host.running), compact(host.waiting), compact(host.done), silent > 0 ? duration(silent) : '–'].forEach((text, i) => setText(cells[i], text));
                cells[3].title = exact(host.silentUntil);
            },
        };
    });
    const nothing = h('p', { class: 'muted' }, 'No host works for it now.');
    const table = h('table', { class: 'plain' }, h('caption', { class: 'unseen' }, 'Hosts at work for this campaign'),
        h('thead', {}, h('tr', {}, ...['Forge host', 'At work', 'Queue', 'Done', 'Silent for'].map((label, i) => h('th', { scope: 'col', class: i > 0 ? 'number' : null }, label)))), body);
    const scroll = h('div', { class: 'scroll', role: 'region', 'aria-label': 'Hosts at work for this campaign', tabindex: '0' }, table);
    return {
        element: h('div', {}, scroll, nothing),
        update(hosts) {
            rows.update(hosts);
            scroll.hidden = hosts.length === 0;
            nothing.hidden = hosts.length > 0;
        },
    };
}

/** The last lines, the newest first; drawn a few times a second however fast they come. */
function reportTail() {
    let rows = [];
    let drawing = null;
    let wanted = '';
    const note = h('span', { class: 'muted' });
    const select = h('select', { id: 'report-outcome', onchange: () => { wanted = select.value; draw(); } }, h('option', { value: '' }, 'All outcomes'), ...groups.map((group) => h('option', { value: group.key }, group.label)),
        ...names.map((name) => h('option', { value: name }, `  ${name}`)), h('option', { value: 'rejected' }, '  rejected'));
    const table = reportsTable({
        caption: 'Last lines of the report', show: ['number', 'url', 'outcome', 'reason', 'elapsed', 'received', 'objects'], key: (r) => r.number, limit: 20, sort: { key: 'number', descending: true },
        controls: [h('span', { class: 'check' }, h('label', { for: 'report-outcome' }, 'Outcome'), select)],
        empty: () => h('p', {}, 'No such line among the last ones.'),
    });
    const matches = (row) => wanted === '' || row.outcome === wanted || (row.outcome !== 'rejected' && groups.some((group) => group.key === wanted && sums({ [row.outcome]: 1 })[groups.indexOf(group)] === 1));
    const draw = () => {
        drawing = null;
        table.update(rows.filter(matches));
        setText(note, rows.length === 0 ? 'none yet' : `of the last ${count(rows.length)}, the newest first`);
    };
    return {
        note,
        element: table.element,
        add(more) {
            rows = [...rows, ...more].slice(-linesKept);
            drawing ??= setTimeout(draw, drawMilliseconds);
        },
        dispose: () => clearTimeout(drawing),
    };
}
