import { now } from '../api.js';
import { h, setAttribute, setText } from '../dom.js';
import { compact, count, countdown, exact, rate, secondsUntil } from '../format.js';
import { brake, liftBrake } from './deeds.js';
import { meter } from './bars.js';
import { Table } from './table.js';

/** What holds a host back, the gravest first; null: nothing. */
export function holdOf(host) {
    const braked = secondsUntil(host.brakedUntil, now());
    const silent = secondsUntil(host.silentUntil, now());
    return braked > 0 ? { kind: 'brake', label: 'Braked', seconds: braked, until: host.brakedUntil }
        : host.isDown ? { kind: 'bad', label: 'Down', seconds: silent > 0 ? silent : null, until: host.silentUntil }
        : silent > 0 ? { kind: 'warn', label: 'Backing off', seconds: silent, until: host.silentUntil }
        : null;
}

const severity = (host) => ({ bad: 3, brake: 2, warn: 1 })[holdOf(host)?.kind] ?? (host.running > 0 ? 0.5 : 0);

function nameCell(cell) {
    const name = h('span', { class: 'host-name' });
    const small = h('span', { class: 'only-narrow' });
    cell.append(name, small);
    return (host) => {
        setText(name, host.host);
        setText(small, `${compact(host.waiting)} wait, ${count(host.throttled)} × 429`);
    };
}

function stateCell(cell) {
    const chip = h('span', { class: 'chip' });
    const left = h('span', { class: 'countdown' });
    cell.append(chip, left);
    const draw = (host) => {
        const hold = holdOf(host);
        setText(chip, hold?.label ?? (host.running > 0 ? 'Working' : host.waiting > 0 ? 'Waiting' : 'Idle'));
        setAttribute(chip, 'class', `chip is-${hold?.kind ?? (host.running > 0 ? 'good' : 'quiet')}`);
        setText(left, hold?.seconds ? countdown(hold.seconds) : '');
        setAttribute(left, 'title', hold?.seconds ? `until ${exact(hold.until)}` : null);
    };
    return draw;
}

function permitsCell(cell) {
    const bar = meter('permits');
    cell.append(bar.element);
    return (host) => bar.update(host.allowed === 0 ? null : host.running / host.allowed, `${count(host.running)} / ${count(host.allowed)}`);
}

function brakeCell(cell) {
    let host = null;
    const button = h('button', { type: 'button', class: 'quiet', onclick: () => holdOf(host)?.kind === 'brake' ? liftBrake(host) : brake(host) });
    cell.append(button);
    return (view) => {
        host = view;
        const isBraked = holdOf(view)?.kind === 'brake';
        setText(button, isBraked ? 'Lift' : 'Brake');
        setAttribute(button, 'aria-label', isBraked ? `Lift the brake of ${view.host}` : `Brake ${view.host}`);
    };
}

const columns = [
    { key: 'host', label: 'Forge host', rowHeader: true, class: 'wide-cell', sort: (v) => v.host, build: nameCell, title: (v) => v.host },
    { key: 'state', label: 'State', class: 'state-cell', sort: severity, build: stateCell },
    { key: 'permits', label: 'Permits', numeric: true, about: 'Out now, of those that may be out', sort: (v) => v.running, build: permitsCell },
    { key: 'waiting', label: 'Queue', numeric: true, hide: 'narrow', about: 'Repositories that wait for a permit', sort: (v) => v.waiting, text: (v) => count(v.waiting) },
    { key: 'rate', label: 'Req/s', numeric: true, hide: 'small', about: 'Requests a second that may be begun now; – where no rate is held to', sort: (v) => v.requestsPerSecond, text: (v) => rate(v.requestsPerSecond) },
    { key: 'throttled', label: '429s', numeric: true, hide: 'narrow', about: 'Answers that asked for patience', sort: (v) => v.throttled, text: (v) => count(v.throttled) },
    { key: 'done', label: 'Done', numeric: true, hide: 'medium', about: 'Syncs ended', sort: (v) => v.done, text: (v) => count(v.done) },
    { key: 'brake', label: 'Brake', class: 'deeds', build: brakeCell },
];

export function hostsTable({ caption, limit = 50, hasFilter = true, controls = [], sort = { key: 'waiting', descending: true } }) {
    return new Table({
        caption, columns, key: (v) => v.host, sort, limit, controls,
        filter: hasFilter ? (v) => `${v.host} ${holdOf(v)?.label ?? ''}` : null, filterLabel: 'Filter by host or state',
        empty: () => h('p', {}, 'No forge host has work. Hosts appear when a campaign begins to ask them.'),
        rowClass: (v) => severity(v) >= 1 ? 'is-marked' : null,
    });
}
