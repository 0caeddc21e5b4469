// A table of live rows: sorted by its headers, filtered by a field, bounded. Rows keep their elements, so focus and selection survive.

import { h, Keyed, say, setAttribute, setText } from '../dom.js';
import { count } from '../format.js';

let numbers = 0;

/**
 * columns: { key, label, sort (row → string or number, null last; without it the column does not sort), text (row → text) or
 * build (cell → update(row)), numeric, hide ('narrow', 'small' or 'medium': left out where there is no more room), title (row → tooltip), about }.
 */
export class Table {
    #all = [];
    #columns;
    #limit;
    #sort;
    #keyed;
    #holds = false;

    constructor({ caption, columns, key, sort, limit = 25, step = 100, filter = null, filterLabel = 'Filter', empty, rowClass = null, controls = [], isCards = false }) {
        Object.assign(this, { caption, filter, empty, rowClass, step });
        this.#columns = columns;
        this.#limit = limit;
        this.#sort = { ...sort };
        const body = h('tbody', { role: 'rowgroup' });
        this.#keyed = new Keyed(body, key, (row) => this.#createRow(row));
        this.headers = columns.map((column) => this.#createHeader(column));
        const id = `table-${++numbers}`;
        this.field = filter === null ? null : h('input', { type: 'search', id, class: 'filter', placeholder: filterLabel, autocomplete: 'off', spellcheck: 'false', oninput: () => this.draw() });
        this.table = h('table', { class: isCards ? 'as-cards' : null, role: 'table' }, h('caption', { class: 'unseen' }, caption), h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ...this.headers.map((header) => header.element))), body);
        this.more = h('button', { type: 'button', class: 'quiet', onclick: () => this.#showMore() });
        this.shown = h('span', { class: 'muted' });
        this.foot = h('div', { class: 'table-foot' }, this.shown, this.more);
        this.nothing = h('div', { class: 'nothing' });
        this.tools = this.field === null && controls.length === 0 ? null
            : h('div', { class: 'tools' }, this.field === null ? null : h('label', { class: 'unseen', for: id }, `${filterLabel}: ${caption}`), this.field, ...controls);
        this.scroll = h('div', { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: '0' }, this.table);
        this.element = h('div', { class: 'table' }, this.tools, this.scroll, this.nothing, this.foot);

        // Rows do not change places under a finger that is about to press.
        this.table.addEventListener('pointerenter', () => { this.#holds = true; });
        this.table.addEventListener('pointerleave', () => { this.#holds = false; this.draw(); });
        this.draw();
    }

    update(rows) {
        this.#all = rows;
        this.draw();
    }

    draw() {
        const wanted = this.field?.value.trim().toLowerCase() ?? '';
        const rows = wanted === '' ? this.#all : this.#all.filter((row) => this.filter(row).toLowerCase().includes(wanted));
        const sorted = this.#sorted(rows);
        this.#keyed.update(this.#held(sorted.slice(0, this.#limit)));
        for (const header of this.headers) {
            header.update();
        }

        this.scroll.hidden = rows.length === 0;
        this.nothing.hidden = rows.length !== 0;
        if (rows.length === 0) {
            this.#drawNothing(wanted);
        }

        const left = rows.length - this.#limit;
        this.foot.hidden = left <= 0 && wanted === '';
        this.more.hidden = left <= 0;
        setText(this.more, `Show ${count(Math.min(this.step, Math.max(0, left)))} more`);
        setText(this.shown, `${count(Math.min(rows.length, this.#limit))} of ${count(this.#all.length)} shown`);
    }

    #drawNothing(wanted) {
        const state = wanted === '' ? 'empty' : `filter ${wanted}`;
        if (this.nothing.dataset.state !== state) {
            this.nothing.dataset.state = state;
            this.nothing.replaceChildren(...(wanted === '' ? [this.empty()].flat() : [h('p', {}, `Nothing here has “${wanted}” in it.`)]));
        }
    }

    #sorted(rows) {
        const column = this.#columns.find((c) => c.key === this.#sort.key);
        if (column?.sort === undefined) {
            return rows;
        }

        const sign = this.#sort.descending ? -1 : 1;
        return rows.map((row, place) => ({ row, place, value: column.sort(row) })).sort((a, b) => {
            if (a.value === b.value) {
                return a.place - b.place;
            }

            // What is not known goes last, whichever way.
            if (a.value === null || b.value === null) {
                return a.value === null ? 1 : -1;
            }

            return sign * (a.value < b.value ? -1 : 1);
        }).map((item) => item.row);
    }

    /** While the pointer or the focus is in the table, rows that are shown stay where they are. */
    #held(rows) {
        const body = this.#keyed.parent;
        if (!(this.#holds || body.contains(document.activeElement)) || body.childElementCount === 0 || this.#resorted) {
            this.#resorted = false;
            return rows;
        }

        const places = new Map([...body.children].map((element, place) => [element.dataset.key, place]));
        return rows.map((row, place) => ({ row, place: places.get(String(this.#keyed.key(row))) ?? places.size + place })).sort((a, b) => a.place - b.place).map((item) => item.row);
    }

    #resorted = false;

    #showMore() {
        this.#limit += this.step;
        this.draw();
        say(this.shown.textContent);
    }

    #createHeader(column) {
        const properties = { scope: 'col', role: 'columnheader', class: cellClass(column), title: column.about };
        if (column.sort === undefined) {
            return { element: h('th', properties, column.label), update() {} };
        }

        const arrow = h('span', { class: 'arrow', 'aria-hidden': 'true' });
        const button = h('button', { type: 'button', class: 'sort', onclick: () => this.#sortBy(column) }, column.label, arrow);
        const element = h('th', properties, button);
        return {
            element,
            update: () => {
                const isSorted = this.#sort.key === column.key;
                setAttribute(element, 'aria-sort', isSorted ? (this.#sort.descending ? 'descending' : 'ascending') : null);
                setText(arrow, isSorted ? (this.#sort.descending ? '↓' : '↑') : '');
            },
        };
    }

    #sortBy(column) {
        const first = column.numeric === true;
        this.#sort = { key: column.key, descending: this.#sort.key === column.key ? !this.#sort.descending : first };
        this.#resorted = true;
        this.draw();
        say(`${this.caption}: sorted by ${column.label}, ${this.#sort.descending ? 'descending' : 'ascending'}`);
    }

    #createRow(row) {
        const updates = [];
        const element = h('tr', { role: 'row', data: { key: String(this.#keyed.key(row)) } });
        for (const column of this.#columns) {
            const cell = h(column.rowHeader ? 'th' : 'td', { class: cellClass(column), role: column.rowHeader ? 'rowheader' : 'cell', scope: column.rowHeader ? 'row' : null, data: { label: column.label } });
            updates.push(column.build?.(cell) ?? ((r) => setText(cell, column.text(r))));
            if (column.title !== undefined) {
                updates.push((r) => setAttribute(cell, 'title', column.title(r)));
            }

            element.append(cell);
        }

        if (this.rowClass !== null) {
            updates.push((r) => setAttribute(element, 'class', this.rowClass(r)));
        }

        return { element, update: (r) => updates.forEach((update) => update(r)) };
    }
}

const cellClass = (column) => [column.numeric ? 'number' : '', column.hide ? `hide-${column.hide}` : '', column.class ?? ''].filter(Boolean).join(' ') || null;
