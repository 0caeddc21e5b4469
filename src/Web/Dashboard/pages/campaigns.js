import { call } from '../api.js';
import * as feeds from '../feeds.js';
import { h } from '../dom.js';
import { plural } from '../format.js';
import { campaignsTable } from '../parts/campaigns-table.js';
import { tell } from '../parts/dialog.js';
import { panel } from '../parts/panel.js';

const pageSize = 200;

/** All campaigns: the newest hundred live, older ones as they were when they were asked for. */
export function create() {
    let newest = [];
    let older = [];
    const note = h('span', { class: 'muted' });
    const more = h('button', { type: 'button', class: 'quiet', hidden: true, onclick: () => readOlder() }, 'Read older campaigns');
    const table = campaignsTable({ caption: 'Campaigns', controls: [more] });

    const draw = () => {
        const first = Math.min(...newest.map((c) => c.id));
        table.update([...newest, ...older.filter((c) => c.id < first)]);
        note.textContent = plural(newest.length + older.length, 'campaign');
    };

    const readOlder = async () => {
        try {
            const before = Math.min(...[...newest, ...older].map((c) => c.id));
            const { campaigns } = await call('GET', `/api/v1/campaigns?max=${pageSize}&before=${before}`);
            older = [...older, ...campaigns];
            more.hidden = campaigns.length < pageSize;
            draw();
        } catch (error) {
            tell(error.message, true);
        }
    };

    const end = feeds.campaigns.watch((list) => {
        newest = list;
        if (older.length === 0) {
            more.hidden = list.length < 100;
        }

        draw();
    });
    return {
        title: 'Campaigns',
        element: h('div', { class: 'page' }, h('h1', { class: 'unseen' }, 'Campaigns'), panel('Campaigns', { note }, table.element)),
        dispose: end,
    };
}
