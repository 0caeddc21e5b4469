// Small pictures of numbers. The numbers stand beside them as text, or in their labels.

import { h, setAttribute } from '../dom.js';
import { count, percent } from '../format.js';
import { groups, sums } from '../outcomes.js';

/** A campaign's progress: one segment for each group of outcomes, and one for lines that need no sync. */
export function progressBar(label) {
    const segments = [...groups.map((group) => h('span', { class: `segment fill-${group.key}` })), h('span', { class: 'segment fill-passed' })];
    const element = h('div', { class: 'progress', role: 'progressbar', 'aria-label': label, 'aria-valuemin': '0', 'aria-valuemax': '100' }, ...segments);
    return {
        element,
        update(campaign) {
            const { progress, lines } = campaign;
            const counts = sums(progress.outcomes);
            const passed = progress.duplicates + progress.rejected + progress.skipped;
            const all = Math.max(lines, 1);
            [...counts, passed].forEach((number, i) => segments[i].style.setProperty('--share', `${(100 * Math.min(1, number / all)).toFixed(3)}%`));
            const share = shareDone(campaign);
            setAttribute(element, 'aria-valuenow', Math.floor(share * 100));
            setAttribute(element, 'aria-valuetext', `${percent(share)}: ${groups.map((group, i) => `${group.label} ${count(counts[i])}`).join(', ')}`);
        },
    };
}

/** Lines with an end, of all lines: 0 to 1. */
export function shareDone(campaign) {
    return campaign.lines === 0 ? (campaign.phase === 'done' ? 1 : 0) : Math.min(1, handled(campaign) / campaign.lines);
}

/** Lines that need nothing more. */
export function handled({ progress }) {
    return Object.values(progress.outcomes).reduce((sum, number) => sum + number, 0) + progress.duplicates + progress.rejected + progress.skipped;
}

/** A share of something, 0 to 1, as a thin bar with its text before it. */
export function meter(className = '') {
    const text = h('span', { class: 'meter-text' });
    const fill = h('span', { class: 'meter-fill' });
    const element = h('span', { class: `meter ${className}` }, text, h('span', { class: 'meter-track', 'aria-hidden': 'true' }, fill));
    return {
        element,
        update(share, label) {
            if (text.textContent !== label) {
                text.textContent = label;
            }

            element.classList.toggle('is-unknown', share === null);
            element.classList.toggle('is-high', share !== null && share >= 0.9);
            fill.style.setProperty('--share', `${(100 * Math.max(0, Math.min(1, share ?? 0))).toFixed(1)}%`);
        },
    };
}

/** A word with a coloured mark; the word says it all. */
export function chip(kind, text) {
    return h('span', { class: `chip is-${kind}` }, text);
}
