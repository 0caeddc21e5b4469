import { h, setAttribute, setText } from '../dom.js';
import { bytes, compact, count, duration, exact, percent, rate, secondsUntil } from '../format.js';
import { now } from '../api.js';
import { siloRate } from '../history.js';
import { meter } from './bars.js';
import { Table } from './table.js';

const kinds = { Active: 'good', Created: 'calm', Joining: 'calm', ShuttingDown: 'warn', Stopping: 'warn', Dead: 'bad' };

/** Words for a person: ShuttingDown is "Shutting down". */
export const statusText = (status) => status.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function nameCell(cell) {
    const name = h('span', { class: 'host-name' });
    const small = h('span', { class: 'only-narrow' });
    cell.append(name, small);
    return (silo) => {
        setText(name, silo.name);
        setText(small, `${rate(siloRate(silo.name))}/s, ${count(silo.running)} at work`);
    };
}

function statusCell(cell) {
    const chip = h('span', { class: 'chip' });
    cell.append(chip);
    return (silo) => {
        setText(chip, statusText(silo.status));
        setAttribute(chip, 'class', `chip is-${kinds[silo.status] ?? 'quiet'}`);
    };
}

function cpuCell(cell) {
    const bar = meter();
    cell.append(bar.element);
    return (silo) => bar.update(silo.cpuShare, percent(silo.cpuShare));
}

const upSeconds = (silo) => silo.startedAt === null ? null : -secondsUntil(silo.startedAt, now());

const columns = [
    { key: 'name', label: 'Silo', rowHeader: true, class: 'wide-cell', sort: (s) => s.name, build: nameCell, title: (s) => s.name },
    { key: 'status', label: 'Status', sort: (s) => s.status, build: statusCell },
    { key: 'cpu', label: 'CPU', numeric: true, about: 'Of all its cores', sort: (s) => s.cpuShare, build: cpuCell },
    { key: 'memory', label: 'Memory', numeric: true, about: 'Resident', sort: (s) => s.memoryBytes, text: (s) => bytes(s.memoryBytes) },
    { key: 'rate', label: 'Syncs/s', numeric: true, hide: 'narrow', sort: (s) => siloRate(s.name), text: (s) => rate(siloRate(s.name)) },
    { key: 'running', label: 'At work', numeric: true, hide: 'small', about: 'Syncs that run now', sort: (s) => s.running, text: (s) => count(s.running) },
    { key: 'activations', label: 'Activations', numeric: true, hide: 'small', about: 'Grains in memory', sort: (s) => s.activations, text: (s) => count(s.activations) },
    { key: 'done', label: 'Done', numeric: true, hide: 'medium', about: 'Syncs ended since its start', sort: (s) => s.done, text: (s) => compact(s.done) },
    { key: 'up', label: 'Up', numeric: true, hide: 'medium', sort: upSeconds, text: (s) => duration(upSeconds(s)), title: (s) => `since ${exact(s.startedAt)}` },
    { key: 'version', label: 'Version', hide: 'medium', sort: (s) => s.version, text: (s) => s.version || '–' },
];

export function silosTable({ caption, limit = 100, hasFilter = true }) {
    return new Table({
        caption, columns, key: (s) => s.name, sort: { key: 'name', descending: false }, limit,
        filter: hasFilter ? (s) => `${s.name} ${s.status} ${statusText(s.status)} ${s.version}` : null, filterLabel: 'Filter by name, status or version',
        empty: () => h('p', {}, 'No process works. Start a silo, or look at the log of the server.'),
        rowClass: (s) => s.status === 'Active' ? null : 'is-marked',
    });
}
