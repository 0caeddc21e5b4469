import { h, setAttribute, setText } from '../dom.js';
import { bytes, count, duration, percent, plural, rate, time, exact } from '../format.js';
import { campaignRate } from '../history.js';
import { sums, groups } from '../outcomes.js';
import { chip, handled, progressBar, shareDone } from './bars.js';
import { steer, titleOf } from './deeds.js';
import { howToSubmit } from './panel.js';
import { Table } from './table.js';

export const phases = {
    submitting: { label: 'Submitting', kind: 'calm' },
    running: { label: 'Running', kind: 'good' },
    paused: { label: 'Paused', kind: 'warn' },
    done: { label: 'Done', kind: 'quiet' },
    cancelled: { label: 'Cancelled', kind: 'quiet' },
};

const phaseOrder = Object.keys(phases);

export const isOpen = (campaign) => campaign.phase === 'running' || campaign.phase === 'paused' || campaign.phase === 'submitting';

/** Seconds until the end at the present rate; null where nothing can be said. */
export function secondsLeft(campaign) {
    const perSecond = campaignRate(campaign.id);
    return campaign.phase === 'running' && perSecond > 0.001 ? Math.max(0, campaign.lines - handled(campaign)) / perSecond : null;
}

const wrongShare = (campaign) => {
    const counts = sums(campaign.progress.outcomes);
    const done = counts.reduce((sum, value) => sum + value, 0);
    return done === 0 ? null : counts[groups.length - 1] / done;
};

/** A chip whose word and colour follow the phase. */
export function phaseChip() {
    const element = chip('quiet', '');
    return {
        element,
        update(phase) {
            const { label, kind } = phases[phase] ?? { label: phase, kind: 'quiet' };
            setText(element, label);
            setAttribute(element, 'class', `chip is-${kind}`);
        },
    };
}

/** The deeds that a campaign's phase leaves. */
export function steering(isSmall) {
    let campaign = null;
    const button = (verb, label) => h('button', { type: 'button', class: isSmall ? 'quiet' : verb === 'cancel' ? 'danger' : '', onclick: () => steer(campaign, verb) }, label);
    const [pause, resume, cancel] = [button('pause', 'Pause'), button('resume', 'Resume'), button('cancel', 'Cancel')];
    return {
        elements: [pause, resume, cancel],
        update(now) {
            campaign = now;
            pause.hidden = now.phase !== 'running';
            resume.hidden = now.phase !== 'paused';
            cancel.hidden = !isOpen(now);
            for (const [element, verb] of [[pause, 'Pause'], [resume, 'Resume'], [cancel, 'Cancel']]) {
                setAttribute(element, 'aria-label', `${verb} ${titleOf(now)}`);
            }
        },
    };
}

function nameCell(cell) {
    const link = h('a', { class: 'name' });
    const small = h('span', { class: 'muted small' });
    cell.append(link, small);
    return (campaign) => {
        setAttribute(link, 'href', `#/campaigns/${campaign.id}`);
        setText(link, titleOf(campaign));
        setText(small, `#${campaign.id} · ${time(campaign.submittedAt)}`);
        setAttribute(small, 'title', exact(campaign.submittedAt));
    };
}

function progressCell(cell) {
    const bar = progressBar('Progress');
    const text = h('span', { class: 'small' });
    cell.append(bar.element, text);
    return (campaign) => {
        bar.update(campaign);
        setText(text, `${percent(shareDone(campaign), 1)} of ${plural(campaign.lines, 'line')}`);
    };
}

const columns = [
    { key: 'name', label: 'Campaign', rowHeader: true, class: 'wide-cell', sort: (c) => c.id, build: nameCell },
    { key: 'phase', label: 'Phase', class: 'phase-cell', sort: (c) => phaseOrder.indexOf(c.phase), build: (cell) => { const chips = phaseChip(); cell.append(chips.element); return (c) => chips.update(c.phase); } },
    { key: 'progress', label: 'Progress', class: 'progress-cell', sort: shareDone, build: progressCell },
    { key: 'rate', label: 'Syncs/s', numeric: true, sort: (c) => campaignRate(c.id), text: (c) => c.phase === 'running' ? rate(campaignRate(c.id)) : '–' },
    { key: 'left', label: 'Time left', numeric: true, sort: secondsLeft, text: (c) => duration(secondsLeft(c)) },
    { key: 'running', label: 'At work', numeric: true, hide: 'medium', about: 'Syncs that run now', sort: (c) => c.progress.running, text: (c) => count(c.progress.running) },
    { key: 'wrong', label: 'Failed', numeric: true, hide: 'narrow', about: 'Of those that ended: cannot be right, or our own failure', sort: wrongShare, text: (c) => percent(wrongShare(c), 1) },
    { key: 'received', label: 'Received', numeric: true, hide: 'medium', sort: (c) => c.progress.bytesReceived, text: (c) => bytes(c.progress.bytesReceived) },
    { key: 'saved', label: 'Saved', numeric: true, hide: 'medium', about: 'What clones of the same repositories would have received beyond that', sort: (c) => c.progress.bytesSaved, text: (c) => bytes(c.progress.bytesSaved) },
    { key: 'priority', label: 'Priority', numeric: true, hide: 'medium', sort: (c) => c.order.priority, text: (c) => String(c.order.priority).replace('-', '−') },
    {
        key: 'deeds', label: 'Steer', class: 'deeds', build: (cell) => {
            const deeds = steering(true);
            cell.append(h('div', { class: 'row' }, ...deeds.elements));
            return (c) => deeds.update(c);
        },
    },
];

export function campaignsTable({ caption, empty = howToSubmit, hasFilter = true, controls = [], sort = { key: 'name', descending: true } }) {
    return new Table({
        caption, columns, key: (c) => c.id, sort, limit: 25, empty, controls, isCards: true,
        filter: hasFilter ? (c) => `${c.id} ${titleOf(c)} ${c.phase}` : null, filterLabel: 'Filter by name or phase',
        rowClass: (c) => isOpen(c) ? null : 'is-past',
    });
}
