import * as feeds from '../feeds.js';
import { h } from '../dom.js';
import { panel } from '../parts/panel.js';
import { reportsTable } from '../parts/reports-table.js';

/** Syncs that failed lately, with reasons, and those that took longest. */
export function create() {
    const failed = reportsTable({
        caption: 'Failed, the latest first', show: ['url', 'outcome', 'reason', 'fault', 'retry', 'elapsed'], limit: 50,
        empty: () => h('p', {}, 'No sync of the last hours has failed.'),
    });
    const slowest = reportsTable({
        caption: 'Slowest', show: ['url', 'outcome', 'elapsed', 'received', 'objects', 'requests'], limit: 50, sort: { key: 'elapsed', descending: true },
        empty: () => h('p', {}, 'No sync has ended in the last hours.'),
    });
    const end = feeds.troubles.watch((lists) => {
        failed.update(lists.failed);
        slowest.update(lists.slowest);
    });
    const note = () => h('span', { class: 'muted' }, 'of the last hours, at most 100');
    return {
        title: 'Troubles',
        element: h('div', { class: 'page' }, h('h1', { class: 'unseen' }, 'Troubles'), panel('Failed', { note: note() }, failed.element), panel('Slowest', { note: note() }, slowest.element)),
        dispose: end,
    };
}
