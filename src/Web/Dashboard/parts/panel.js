// Frames and facts that every page is made of.

import { copyable, h, setText } from '../dom.js';

let numbers = 0;

/** A titled section. */
export function panel(title, { note = null, actions = [], wide = false, level = 2 } = {}, ...content) {
    const id = `panel-${++numbers}`;
    return h('section', { class: wide ? 'panel is-wide' : 'panel', 'aria-labelledby': id },
        h('div', { class: 'panel-head' }, h(`h${level}`, { id }, title), note, h('span', { class: 'spring' }), ...actions),
        ...content);
}

/** A row of figures: labels with values that change. `update` takes { key: text } and, beside it, small texts. */
export function figures(entries) {
    const values = new Map();
    const element = h('dl', { class: 'figures' }, ...entries.map(({ key, label, about, href }) => {
        const value = h('dd', {}, '–');
        const small = h('dd', { class: 'small' });
        values.set(key, { value, small });
        return h('div', { class: 'figure', title: about }, h('dt', {}, href === undefined ? label : h('a', { href }, label)), value, small);
    }));
    return {
        element,
        update(texts) {
            for (const [key, [value, small, kind]] of Object.entries(texts)) {
                const entry = values.get(key);
                setText(entry.value, value);
                setText(entry.small, small ?? '');
                entry.value.parentElement.className = kind === undefined ? 'figure' : `figure is-${kind}`;
            }
        },
    };
}

/** How a list is submitted, for who has none yet. */
export const howToSubmit = () => [
    h('p', {}, 'No campaign yet. Submit a list, one repository URL a line, plain or gzip, of any length:'),
    copyable(`actors sync list.txt --cluster ${location.origin}`),
    h('p', { class: 'muted' }, 'or without the console, with -H \'Authorization: Bearer TOKEN\' where the server asks for one:'),
    copyable(`curl -T list.txt -X POST -H 'Content-Type: text/plain' '${location.origin}/api/v1/campaigns?name=first'`),
];

/** Has an event not reached the page yet, the place says so. */
export const waiting = () => h('p', { class: 'muted' }, 'Waiting for the first answer…');
