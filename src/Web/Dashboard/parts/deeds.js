// What an operator may do, each after a question. Effects are seen by asking the feeds again.

import { call } from '../api.js';
import { campaigns, hosts } from '../feeds.js';
import { count, duration, plural } from '../format.js';
import { h } from '../dom.js';
import { handled } from './bars.js';
import { ask, attempt } from './dialog.js';

export const titleOf = (campaign) => campaign.order.name === '' ? `Campaign ${campaign.id}` : campaign.order.name;

const questions = {
    pause: {
        title: (name) => `Pause ${name}?`, yes: 'Pause', no: 'Keep it running', done: (name) => `${name} is paused.`,
        text: () => 'Nothing new is taken up; syncs that run now end by themselves. Resume goes on where it stands.',
    },
    resume: {
        title: (name) => `Resume ${name}?`, yes: 'Resume', no: 'Leave it paused', done: (name) => `${name} goes on.`,
        text: () => 'Repositories are taken up again, as their forge hosts permit.',
    },
    cancel: {
        title: (name) => `Cancel ${name} for good?`, yes: 'Cancel the campaign', no: 'Keep it', isDangerous: true, done: (name) => `${name} is cancelled.`,
        text: (campaign) => `${plural(Math.max(0, campaign.lines - handled(campaign)), 'line')} of ${count(campaign.lines)} would not be worked, and the campaign cannot be resumed. What is stored stays stored.`,
    },
};

/** Pause, resume or cancel. */
export async function steer(campaign, verb) {
    const question = questions[verb];
    const name = titleOf(campaign);
    if (await ask({ ...question, title: question.title(name), text: question.text(campaign) })) {
        await attempt(() => call('POST', `/api/v1/campaigns/${campaign.id}/${verb}`), question.done(name));
        await campaigns.ask();
    }
}

export async function changePriority(campaign) {
    const field = h('label', { class: 'field' }, 'Priority, −100 to 100', h('input', { name: 'priority', type: 'number', min: '-100', max: '100', step: '1', required: true, value: String(campaign.order.priority), autofocus: true }));
    const priority = await ask({
        title: `Priority of ${titleOf(campaign)}`, text: 'Higher goes first on each forge host; campaigns of one priority share.', fields: [field], yes: 'Set the priority',
        read: (form) => Number(form.get('priority')),
    });
    if (priority !== null) {
        await attempt(() => call('PUT', `/api/v1/campaigns/${campaign.id}/priority`, { priority }), `${titleOf(campaign)} has priority ${priority}.`);
        await campaigns.ask();
    }
}

const brakes = [[600, '10 minutes'], [3600, '1 hour'], [6 * 3600, '6 hours'], [86400, '1 day'], [7 * 86400, '7 days']];

/** Asks nothing of a host for a while. */
export async function brake(host) {
    const choices = h('fieldset', { class: 'choices' }, h('legend', {}, 'For'), ...brakes.map(([seconds, label], i) => h('label', {}, h('input', { type: 'radio', name: 'seconds', value: String(seconds), checked: i === 1, autofocus: i === 1 }), label)));
    const seconds = await ask({
        title: `Brake ${host.host}?`, text: 'No request to it is begun while the brake holds, by any campaign, over restarts too. Syncs that run now end by themselves.',
        fields: [choices], yes: 'Brake', no: 'Leave it', read: (form) => Number(form.get('seconds')),
    });
    if (seconds !== null) {
        await attempt(() => call('PUT', brakePath(host), { seconds }), `${host.host} is braked for ${duration(seconds)}.`);
        await hosts.ask();
    }
}

export async function liftBrake(host) {
    if (await ask({ title: `Lift the brake of ${host.host}?`, text: 'It is asked again at once, as its patience permits.', yes: 'Lift the brake', no: 'Leave it braked' })) {
        await attempt(() => call('DELETE', brakePath(host)), `The brake of ${host.host} is lifted.`);
        await hosts.ask();
    }
}

const brakePath = (host) => `/api/v1/hosts/${encodeURIComponent(host.host)}/brake`;
