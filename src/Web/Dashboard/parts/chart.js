// Outcomes a second over time, stacked by group. One SVG, drawn anew when something is added or the width changes.

import { h, setText } from '../dom.js';
import { clock, duration, rate } from '../format.js';
import { groups } from '../outcomes.js';

const margin = { top: 10, right: 10, bottom: 22, left: 44 };
const windows = [{ label: '5 min', seconds: 300 }, { label: '30 min', seconds: 1800 }, { label: '3 h', seconds: 10800 }];
const binsCount = 100;

/** Bins of one window: times at their ends, and a rate for each group; null where nothing is known. */
export function binned(series, seconds, now) {
    const step = seconds * 1000 / binsCount;
    const last = Math.floor(now / step) * step;
    const bins = [];
    for (let i = binsCount - 1; i >= 0; i--) {
        const to = last - i * step;
        // Two steps wide: counters that are told in bursts draw no teeth.
        const from = Math.max(to - 2 * step, series?.since ?? Infinity);
        const [before, after] = from < to ? [series.at(from), series.at(to)] : [null, null];
        bins.push({ to, rates: before === null || after === null ? null : groups.map((_, g) => (after[g] - before[g]) * 1000 / (to - from)) });
    }

    return bins;
}

/** The next round number, whose half is round enough too. */
export function roundUp(value) {
    const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-3)));
    return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((factor) => factor * power).find((round) => round >= value * 0.999);
}

export class OutcomeChart {
    #series = () => undefined;
    #window = windows[0];
    #bins = [];
    #pointed = null;

    /** `series` gives the counters' past. */
    constructor(label, series) {
        this.#series = series;
        this.label = label;
        this.svg = h('svg', { class: 'chart', role: 'img', tabindex: '0', 'aria-label': label });
        this.readout = h('div', { class: 'readout', 'aria-live': 'off' });
        this.choice = h('div', { class: 'choice', role: 'group', 'aria-label': 'Time shown' }, ...windows.map((window) => h('button', {
            type: 'button', class: 'quiet', 'aria-pressed': window === this.#window ? 'true' : 'false',
            onclick: (event) => {
                this.#window = window;
                [...this.choice.children].forEach((button) => button.setAttribute('aria-pressed', String(button === event.currentTarget)));
                this.draw();
            },
        }, window.label)));
        this.values = groups.map(() => h('span', { class: 'legend-value' }));
        this.legend = h('ul', { class: 'legend' }, ...groups.map((group, i) => h('li', { title: group.about }, h('span', { class: `mark fill-${group.key}`, 'aria-hidden': 'true' }), group.label, ' ', this.values[i])));
        this.frame = h('div', { class: 'chart-frame' }, this.svg);
        this.element = h('div', { class: 'outcome-chart' }, this.frame, h('div', { class: 'chart-foot' }, this.legend, this.readout));
        this.observer = new ResizeObserver(() => this.draw());
        this.observer.observe(this.frame);
        this.svg.addEventListener('pointermove', (event) => this.#point(this.#binAt(event.offsetX)));
        this.svg.addEventListener('pointerleave', () => this.#point(null));
        this.svg.addEventListener('blur', () => this.#point(null));
        this.svg.addEventListener('keydown', (event) => this.#walk(event));
    }

    dispose() {
        this.observer.disconnect();
    }

    draw() {
        const [width, height] = [Math.floor(this.frame.clientWidth), Math.floor(this.frame.clientHeight)];
        if (width < 80 || height < 80) {
            return;
        }

        this.#bins = binned(this.#series(), this.#window.seconds, Date.now());
        Object.assign(this, { width, height });
        const most = Math.max(0, ...this.#bins.map((bin) => (bin.rates ?? []).reduce((sum, value) => sum + value, 0)));
        this.top = roundUp(Math.max(most, 0.5));
        this.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
        this.svg.replaceChildren(this.#drawGrid(), ...this.#drawAreas(), this.#cross = h('g', { class: 'cross' }));
        this.#drawCross();
        const latest = this.#bins.findLast((bin) => bin.rates !== null)?.rates;
        this.svg.setAttribute('aria-label', latest === undefined ? `${this.label}: nothing yet`
            : `${this.label}, last ${this.#window.label}. Now ${groups.map((group, i) => `${group.label} ${rate(latest[i])}`).join(', ')}. Left and right arrow keys read earlier values.`);
        this.#drawReadout(latest);
    }

    #cross = null;

    #x(to) {
        const end = this.#bins.at(-1).to;
        return margin.left + (this.width - margin.left - margin.right) * (1 - (end - to) / (this.#window.seconds * 1000));
    }

    #y(value) {
        return this.height - margin.bottom - (this.height - margin.top - margin.bottom) * value / this.top;
    }

    #drawGrid() {
        const grid = h('g', { class: 'rules' });
        for (const share of [0, 0.5, 1]) {
            const y = Math.round(this.#y(this.top * share)) + 0.5;
            grid.append(
                h('line', { x1: margin.left, x2: this.width - margin.right, y1: y, y2: y, class: share === 0 ? 'base' : null }),
                h('text', { x: margin.left - 8, y: y + 4, 'text-anchor': 'end' }, rate(this.top * share)));
        }

        const ticks = this.width < 480 ? 2 : 5;
        for (let i = 0; i <= ticks; i++) {
            const back = Math.round(this.#window.seconds * (1 - i / ticks));
            const x = margin.left + (this.width - margin.left - margin.right) * i / ticks;
            grid.append(h('text', { x, y: this.height - 6, 'text-anchor': i === 0 ? 'start' : i === ticks ? 'end' : 'middle' }, back === 0 ? 'now' : `−${duration(back).replace(' 0 s', '').replace(' 0 min', '')}`));
        }

        return grid;
    }

    #drawAreas() {
        const known = this.#bins.filter((bin) => bin.rates !== null);
        if (known.length < 2) {
            return [h('text', { x: this.width / 2, y: this.height / 2, 'text-anchor': 'middle', class: 'none' }, 'Drawn from now on, while this page is open')];
        }

        let below = known.map(() => 0);
        return groups.map((group, g) => {
            const above = known.map((bin, i) => below[i] + bin.rates[g]);
            const there = known.map((bin, i) => `${this.#x(bin.to).toFixed(1)},${this.#y(above[i]).toFixed(1)}`);
            const back = known.map((bin, i) => `${this.#x(bin.to).toFixed(1)},${this.#y(below[i]).toFixed(1)}`).reverse();
            below = above;
            return h('path', { class: `area fill-${group.key}`, d: `M${there.join('L')}L${back.join('L')}Z` });
        });
    }

    #binAt(x) {
        const share = (x - margin.left) / (this.width - margin.left - margin.right);
        const place = Math.round(share * binsCount) - 1;
        return this.#bins[Math.max(0, Math.min(binsCount - 1, place))]?.rates ? Math.max(0, Math.min(binsCount - 1, place)) : null;
    }

    #walk(event) {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (step === undefined) {
            return;
        }

        event.preventDefault();
        const place = Math.max(0, Math.min(binsCount - 1, (this.#pointed ?? binsCount - 1 - Math.min(step, 0)) + step));
        this.readout.setAttribute('aria-live', 'polite');
        this.#point(this.#bins[place]?.rates ? place : this.#pointed);
    }

    #point(place) {
        this.#pointed = place;
        this.#drawCross();
        this.#drawReadout(this.#bins.findLast((bin) => bin.rates !== null)?.rates);
        if (place === null) {
            this.readout.setAttribute('aria-live', 'off');
        }
    }

    #drawCross() {
        const bin = this.#pointed === null ? undefined : this.#bins[this.#pointed];
        const x = bin === undefined ? 0 : Math.round(this.#x(bin.to)) + 0.5;
        this.#cross?.replaceChildren(...(bin === undefined ? [] : [h('line', { x1: x, x2: x, y1: margin.top, y2: this.height - margin.bottom })]));
    }

    #drawReadout(latest) {
        const bin = this.#pointed === null ? undefined : this.#bins[this.#pointed];
        const rates = bin?.rates ?? latest;
        this.values.forEach((value, i) => setText(value, rates === undefined ? '' : rate(rates[i])));
        setText(this.readout, rates === undefined ? '' : `${bin?.rates ? clock(bin.to) : 'now'}: ${rate(rates.reduce((sum, value) => sum + value, 0))} a second`);
    }
}
