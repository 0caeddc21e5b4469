// All at a glance: figures, outcomes over time, what needs a person, campaigns, hosts, silos, troubles.

import * as feeds from '../feeds.js';
import { now } from '../api.js';
import { h, Keyed, setAttribute, setText } from '../dom.js';
import { bytes, compact, count, countdown, percent, plural, rate, secondsUntil, span } from '../format.js';
import { everything } from '../history.js';
import { groups, sums } from '../outcomes.js';
import { campaignsTable, isOpen } from '../parts/campaigns-table.js';
import { OutcomeChart } from '../parts/chart.js';
import { titleOf } from '../parts/deeds.js';
import { holdOf, hostsTable } from '../parts/hosts-table.js';
import { figures, panel } from '../parts/panel.js';
import { reportsTable } from '../parts/reports-table.js';
import { silosTable, statusText } from '../parts/silos-table.js';

const attentionMax = 8;

const sum = (list, value) => list.reduce((total, item) => total + value(item), 0);

export function create() {
    const ends = [];
    const head = figures([
        { key: 'lag', label: 'Lag', about: 'How far the store is behind the forges: time since the first change of a repository that no visit has seen, mean over all that are watched' },
        { key: 'rate', label: 'Syncs a second' },
        { key: 'running', label: 'At work', about: 'Permits out, over all forge hosts' },
        { key: 'waiting', label: 'Queue', about: 'Repositories that wait for a permit', href: '#/hosts' },
        { key: 'wrong', label: 'Failed', about: 'Of all syncs that ended: cannot be right, or our own failure', href: '#/troubles' },
        { key: 'received', label: 'Received' },
        { key: 'saved', label: 'Saved', about: 'What clones of the same repositories would have received beyond that' },
        { key: 'objects', label: 'New objects' },
        { key: 'hosts', label: 'Hosts held back', href: '#/hosts' },
        { key: 'silos', label: 'Silos', href: '#/silos' },
    ]);
    const chart = new OutcomeChart('Outcomes a second, all campaigns', () => everything);
    const attention = attentionList();
    const campaigns = campaignsTable({ caption: 'Campaigns', hasFilter: false, sort: {} });
    const hosts = hostsTable({ caption: 'Busiest forge hosts', hasFilter: false, limit: 10 });
    const silos = silosTable({ caption: 'Silos', hasFilter: false, limit: 12 });
    const failed = reportsTable({ caption: 'Latest failures', show: ['url', 'outcome', 'reason'], hasFilter: false, limit: 8, empty: () => h('p', {}, 'No sync has failed lately.') });
    const slowest = reportsTable({ caption: 'Slowest syncs', show: ['url', 'elapsed', 'received'], hasFilter: false, limit: 8, empty: () => h('p', {}, 'No sync has ended lately.') });

    ends.push(feeds.campaigns.watch((list) => {
        // Open ones first, in the order of their priority; then the newest.
        campaigns.update([...list.filter(isOpen).sort((a, b) => b.order.priority - a.order.priority || b.id - a.id), ...list.filter((c) => !isOpen(c))].slice(0, 12));
        drawCampaignFigures(head, list);
        chart.draw();
        attention.update();
    }), feeds.hosts.watch((list) => {
        hosts.update(list);
        drawHostFigures(head, list);
        attention.update();
    }), feeds.silos.watch((list) => {
        silos.update(list);
        const active = list.filter((silo) => silo.status === 'Active').length;
        head.update({ silos: [count(active), active === list.length ? 'all active' : `of ${count(list.length)} active`, active === list.length ? undefined : 'warn'] });
        attention.update();
    }), feeds.schedule.watch((schedule) => {
        drawLag(head, schedule);
        attention.update();
    }), feeds.troubles.watch((lists) => {
        failed.update(lists.failed);
        slowest.update(lists.slowest);
    }));
    const ticks = setInterval(() => { hosts.draw(); attention.update(); }, 1000);

    const all = (href, text) => h('a', { href, class: 'more' }, text);
    return {
        title: 'Overview',
        element: h('div', { class: 'page grid' },
            h('h1', { class: 'unseen' }, 'Overview'),
            h('div', { class: 'is-wide' }, head.element),
            panel('Outcomes a second', { actions: [chart.choice] }, chart.element),
            panel('Needs a look', {}, attention.element),
            panel('Campaigns', { wide: true, actions: [all('#/campaigns', 'All campaigns')] }, campaigns.element),
            panel('Forge hosts', { actions: [all('#/hosts', 'All hosts')] }, hosts.element),
            panel('Silos', { actions: [all('#/silos', 'All silos')] }, silos.element),
            panel('Latest failures', { actions: [all('#/troubles', 'All troubles')] }, failed.element),
            panel('Slowest', {}, slowest.element)),
        dispose() {
            ends.forEach((end) => end());
            clearInterval(ticks);
            chart.dispose();
        },
    };
}

function drawCampaignFigures(head, list) {
    const rates = everything.rates();
    const perSecond = rates?.slice(0, groups.length).reduce((total, value) => total + value, 0) ?? null;
    const counts = groups.map((_, i) => sum(list, (c) => sums(c.progress.outcomes)[i]));
    const done = counts.reduce((total, value) => total + value, 0);
    const wrong = counts[groups.length - 1];
    const received = sum(list, (c) => c.progress.bytesReceived);
    const saved = sum(list, (c) => c.progress.bytesSaved);
    head.update({
        rate: [rate(perSecond), `in ${plural(list.filter((c) => c.phase === 'running').length, 'campaign')}`],
        wrong: [done === 0 ? '–' : percent(wrong / done, 1), `${compact(wrong)} of ${compact(done)}`],
        received: [bytes(received), rates === null ? '' : `${bytes(rates.at(-1))}/s`],
        saved: [bytes(saved), received + saved === 0 ? '' : `${percent(saved / (received + saved), 1)} of clones`],
        objects: [compact(sum(list, (c) => c.progress.objects)), `${compact(sum(list, (c) => c.progress.requests))} requests`],
    });
}

/** The lag; without a schedule there is none to speak of. */
function drawLag(head, { lag, repositories, due }) {
    head.update({ lag: [span(lag?.meanSeconds), repositories === 0 ? 'nothing watched' : `${compact(due)} of ${compact(repositories)} due`] });
}

function drawHostFigures(head, list) {
    const held = list.filter((host) => holdOf(host) !== null).length;
    head.update({
        running: [count(sum(list, (v) => v.running)), `of ${count(sum(list, (v) => v.allowed))} permits`],
        waiting: [compact(sum(list, (v) => v.waiting)), plural(list.filter((v) => v.waiting > 0).length, 'host')],
        hosts: [count(held), `of ${count(list.length)}`, held > 0 ? 'warn' : undefined],
    });
}

/** What a person may have to do something about, the gravest first. */
function attentionList() {
    const list = h('ul', { class: 'attention' });
    const more = h('p', { class: 'muted small' });
    const calm = h('p', { class: 'calm' }, 'Nothing. All hosts answer, all silos work, no campaign stands still.');
    const keyed = new Keyed(list, (item) => item.key, () => {
        const mark = h('span');
        const link = h('a');
        const text = h('span', { class: 'attention-text' });
        return {
            element: h('li', {}, mark, h('span', {}, link, ' ', text)),
            update(item) {
                setAttribute(mark, 'class', `mark is-${item.kind}`);
                setAttribute(mark, 'aria-hidden', 'true');
                setText(link, item.name);
                setAttribute(link, 'href', item.href);
                setText(text, item.text);
            },
        };
    });
    return {
        element: h('div', { class: 'attention-frame' }, list, more, calm),
        update() {
            const items = [...ofWatch(feeds.schedule.value?.watch), ...ofSilos(feeds.silos.value ?? []), ...ofHosts(feeds.hosts.value ?? []), ...ofCampaigns(feeds.campaigns.value ?? [])].sort((a, b) => b.weight - a.weight);
            keyed.update(items.slice(0, attentionMax));
            setText(more, items.length > attentionMax ? `and ${count(items.length - attentionMax)} more` : '');
            calm.hidden = items.length > 0 || feeds.hosts.value === null;
        },
    };
}

const ofSilos = (silos) => silos.filter((silo) => silo.status !== 'Active').map((silo) => (
    { key: `silo ${silo.name}`, kind: silo.status === 'Dead' ? 'bad' : 'warn', weight: silo.status === 'Dead' ? 9 : 5, name: silo.name, href: '#/silos', text: `is ${statusText(silo.status).toLowerCase()}` }));

const ofWatch = (watch) => (watch?.failure ?? null) === null ? [] : [
    { key: 'watch', kind: 'bad', weight: 7, name: 'The watch', href: '#/troubles', text: `stands still and will be tried again: ${watch.failure}` }];

const ofHosts = (hosts) => hosts.map((host) => ({ host, hold: holdOf(host) })).filter(({ hold }) => hold !== null).map(({ host, hold }) => {
    const left = hold.seconds ? `, ${countdown(secondsUntil(hold.until, now()))} left` : '';
    const text = { bad: 'does not answer', brake: 'is braked', warn: 'asked for silence' }[hold.kind];
    return {
        key: `host ${host.host}`, kind: hold.kind, weight: { bad: 8, brake: 4, warn: 3 }[hold.kind] + Math.min(0.9, host.waiting / 1e7), name: host.host, href: '#/hosts',
        text: `${text}${left}${host.waiting > 0 ? `; ${count(host.waiting)} wait` : ''}`,
    };
});

const ofCampaigns = (campaigns) => campaigns.filter((c) => c.phase === 'paused').map((c) => (
    { key: `campaign ${c.id}`, kind: 'warn', weight: 2, name: titleOf(c), href: `#/campaigns/${c.id}`, text: 'is paused' }));
