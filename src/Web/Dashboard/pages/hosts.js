import * as feeds from '../feeds.js';
import { h } from '../dom.js';
import { count } from '../format.js';
import { holdOf, hostsTable } from '../parts/hosts-table.js';
import { panel } from '../parts/panel.js';

/** All forge hosts, with their patience and the brake. */
export function create() {
    let hosts = [];
    const note = h('span', { class: 'muted' });
    const onlyHeld = h('input', { type: 'checkbox', onchange: () => draw() });
    const table = hostsTable({ caption: 'Forge hosts', controls: [h('label', { class: 'check' }, onlyHeld, 'Only those held back')] });
    const draw = () => {
        const held = hosts.filter((host) => holdOf(host) !== null);
        table.update(onlyHeld.checked ? held : hosts);
        note.textContent = `${count(hosts.length)}, ${count(held.length)} held back`;
    };
    const end = feeds.hosts.watch((list) => {
        hosts = list;
        draw();
    });
    // Countdowns go on between answers.
    const ticks = setInterval(draw, 1000);
    return {
        title: 'Forge hosts',
        element: h('div', { class: 'page' }, h('h1', { class: 'unseen' }, 'Forge hosts'), panel('Forge hosts', { note }, table.element)),
        dispose() {
            end();
            clearInterval(ticks);
        },
    };
}
