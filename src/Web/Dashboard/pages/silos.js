import * as feeds from '../feeds.js';
import { h } from '../dom.js';
import { bytes, count, percent, rate } from '../format.js';
import { siloRate } from '../history.js';
import { figures, panel } from '../parts/panel.js';
import { silosTable } from '../parts/silos-table.js';

const sum = (list, value) => list.reduce((total, item) => total + (value(item) ?? 0), 0);

/** The processes that work. */
export function create() {
    const head = figures([
        { key: 'active', label: 'Active' }, { key: 'cpu', label: 'CPU', about: 'The mean of those that tell it' }, { key: 'memory', label: 'Memory' },
        { key: 'rate', label: 'Syncs a second' }, { key: 'activations', label: 'Activations', about: 'Grains in memory' }, { key: 'versions', label: 'Versions' },
    ]);
    const table = silosTable({ caption: 'Silos' });
    const end = feeds.silos.watch((list) => {
        const known = list.filter((silo) => silo.cpuShare !== null);
        const rates = list.map((silo) => siloRate(silo.name)).filter((value) => value !== null);
        const versions = [...new Set(list.map((silo) => silo.version))];
        const largest = Math.max(0, ...list.map((silo) => silo.memoryBytes ?? 0));
        table.update(list);
        head.update({
            active: [count(list.filter((silo) => silo.status === 'Active').length), `of ${count(list.length)}`],
            cpu: [known.length === 0 ? '–' : percent(sum(known, (silo) => silo.cpuShare) / known.length)],
            memory: [bytes(sum(list, (silo) => silo.memoryBytes)), largest === 0 ? '' : `largest ${bytes(largest)}`],
            rate: [rates.length === 0 ? '–' : rate(rates.reduce((a, b) => a + b, 0))],
            activations: [count(sum(list, (silo) => silo.activations))],
            versions: [count(versions.length), versions.length === 1 ? versions[0] : '', versions.length > 1 ? 'warn' : undefined],
        });
    });
    return {
        title: 'Silos',
        element: h('div', { class: 'page' }, h('h1', { class: 'unseen' }, 'Silos'), head.element, panel('Silos', {}, table.element)),
        dispose: end,
    };
}
