// Begins, shows the page that the address names, and says how the connection is.

import { access, call, forgetToken, hasToken, keepToken } from './api.js';
import { askAll, campaigns, connection, silos } from './feeds.js';
import { h, say, setAttribute, setText } from './dom.js';
import { clock, countdown } from './format.js';
import { noteCampaigns, noteSilos } from './history.js';
import { ask } from './parts/dialog.js';
import * as overview from './pages/overview.js';
import * as campaignsPage from './pages/campaigns.js';
import * as campaignPage from './pages/campaign.js';
import * as hostsPage from './pages/hosts.js';
import * as silosPage from './pages/silos.js';
import * as troublesPage from './pages/troubles.js';
import * as repositoryPage from './pages/repository.js';

const links = [['', 'Overview'], ['campaigns', 'Campaigns'], ['hosts', 'Hosts'], ['silos', 'Silos'], ['troubles', 'Troubles']];
const pages = { '': overview, campaigns: campaignsPage, hosts: hostsPage, silos: silosPage, troubles: troublesPage, repository: repositoryPage };
const main = document.getElementById('main');
let shown = null;

function route() {
    const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
    const [first, id] = path.split('/');
    const parameters = Object.fromEntries(new URLSearchParams(query));
    const isCampaign = first === 'campaigns' && /^\d{1,18}$/.test(id ?? '');
    return { first, page: isCampaign ? campaignPage : pages[first] ?? overview, parameters: isCampaign ? { id } : parameters };
}

function show({ isFirst = false } = {}) {
    const { first, page, parameters } = route();
    shown?.dispose();
    shown = page.create(parameters);
    document.title = `${shown.title} · Actors`;
    main.replaceChildren(shown.element);
    for (const link of document.querySelectorAll('#pages a')) {
        setAttribute(link, 'aria-current', link.dataset.page === first ? 'page' : null);
    }

    if (first === 'repository') {
        document.getElementById('why-url').value = parameters.url ?? '';
    }

    if (!isFirst) {
        scrollTo(0, 0);
        main.focus({ preventScroll: true });
        say(shown.title);
    }
}

function drawConnection() {
    const { failing, answeredAt } = connection;
    const banner = document.getElementById('banner');
    const isAsking = failing?.error.status === 401;
    setAttribute(document.getElementById('pulse'), 'data-state', failing !== null ? 'down' : answeredAt === null ? 'starting' : 'up');
    setText(document.getElementById('pulse-text'), failing !== null ? 'Not live' : answeredAt === null ? 'Connecting' : 'Live');
    document.body.classList.toggle('is-stale', failing !== null);
    if (failing === null || isAsking) {
        if (!banner.hidden && !isAsking) {
            say('The server answers again.');
        }

        banner.hidden = true;
        return;
    }

    if (banner.hidden) {
        banner.replaceChildren(h('strong', {}, failing.error.message), ' ', h('span', {}, answeredAt === null ? 'It has not answered yet.' : `What is shown is of ${clock(answeredAt)}.`), ' ', h('span', { class: 'next', 'aria-live': 'off' }), h('button', { type: 'button', onclick: askAll }, 'Try now'));
        banner.hidden = false;
    }

    setText(banner.querySelector('strong'), failing.error.message);
    setText(banner.querySelector('.next'), `Trying again in ${countdown((failing.retryAt - Date.now()) / 1000)}.`);
}

let asking = false;

async function askForToken(reason) {
    if (asking) {
        return;
    }

    asking = true;
    const wasRefused = hasToken();
    const input = h('input', { name: 'token', type: 'password', autocomplete: 'off', required: true, spellcheck: 'false', autofocus: true });
    const token = await ask({
        title: 'Token', text: [wasRefused ? reason : 'This server asks for a token. One of scope ‘read’ shows everything; pausing, cancelling and braking need ‘write’.', 'It is kept in this tab until it is closed.'],
        fields: [h('label', { class: 'field' }, 'Token', input)], yes: 'Go on', no: 'Not now',
        read: (form) => {
            const text = form.get('token').trim();
            if (!/^[\w.~+/=-]+$/.test(text)) {
                throw new Error('A token has letters, digits and any of -._~+/= only.');
            }

            return text;
        },
    });
    asking = false;
    if (token === null) {
        main.replaceChildren(h('div', { class: 'page' }, h('section', { class: 'panel' }, h('h1', {}, 'No token'), h('p', {}, 'Without one this server shows nothing.'), h('button', { type: 'button', class: 'primary', onclick: () => askForToken(reason) }, 'Give a token'))));
        return;
    }

    keepToken(token);
    document.getElementById('forget').hidden = false;
    show({ isFirst: true });
    askAll();
}

function begin() {
    const nav = document.getElementById('pages');
    nav.append(...links.map(([page, label]) => h('a', { href: `#/${page}`, data: { page } }, label)));
    document.getElementById('skip').addEventListener('click', (event) => {
        event.preventDefault();
        main.focus();
    });
    document.getElementById('why').addEventListener('submit', (event) => {
        event.preventDefault();
        const url = document.getElementById('why-url').value.trim();
        const hash = url === '' ? '#/repository' : `#/repository?url=${encodeURIComponent(url)}`;
        if (location.hash === hash) {
            show();
        } else {
            location.hash = hash;
        }
    });
    document.getElementById('theme').addEventListener('click', () => say(`${window.turnTheme()} colours`));
    const forget = document.getElementById('forget');
    forget.hidden = !hasToken();
    forget.addEventListener('click', () => {
        forgetToken();
        location.reload();
    });

    access.addEventListener('token', (event) => askForToken(event.detail));
    connection.addEventListener('change', drawConnection);
    setInterval(drawConnection, 1000);
    window.addEventListener('hashchange', () => show());

    // The past of campaigns and silos is gathered on whatever page is shown.
    campaigns.watch(noteCampaigns);
    silos.watch(noteSilos);
    show({ isFirst: true });
    call('GET', '/api/v1').then((server) => { document.querySelector('.brand').title = `Actors ${server.version}`; }, () => {});
}

begin();
