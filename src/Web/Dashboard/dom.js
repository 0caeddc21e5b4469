// Elements are made here and nowhere else. Text goes in as text: no string of the API ever meets a parser of HTML (the page's
// policy forbids that besides: require-trusted-types-for).

const svgNames = new Set(['svg', 'g', 'path', 'rect', 'line', 'text', 'circle', 'title', 'desc', 'clipPath']);

/**
 * An element. Of the properties, functions become listeners (onclick), `data` its data attributes; true and false set or leave an
 * attribute. Children are elements, or become text.
 */
export function h(name, properties = {}, ...children) {
    const element = svgNames.has(name) ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
        if (typeof value === 'function') {
            element.addEventListener(key.slice(2), value);
        } else if (key === 'data') {
            Object.assign(element.dataset, value);
        } else if (value !== false && value !== null && value !== undefined) {
            element.setAttribute(key, value === true ? '' : String(value));
        }
    }

    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

/** Writes only what changes: a picture that stays the same costs nothing, and a selection in it survives. */
export function setText(element, text) {
    const wanted = String(text);
    if (element.firstChild?.nodeType === Node.TEXT_NODE && element.childNodes.length === 1) {
        if (element.firstChild.data !== wanted) {
            element.firstChild.data = wanted;
        }
    } else if (element.textContent !== wanted || element.childNodes.length > 1) {
        element.textContent = wanted;
    }
}

export function setAttribute(element, name, value) {
    if (value === null || value === undefined || value === false) {
        element.removeAttribute(name);
    } else if (element.getAttribute(name) !== String(value)) {
        element.setAttribute(name, value);
    }
}

/** Keeps one child for each item, in the order of the items; `create` gives { element, update }. */
export class Keyed {
    #children = new Map();

    constructor(parent, key, create) {
        Object.assign(this, { parent, key, create });
    }

    update(items) {
        const kept = new Map();
        let place = this.parent.firstChild;
        for (const item of items) {
            const key = this.key(item);
            let child = this.#children.get(key);
            if (child === undefined || kept.has(key)) {
                child = this.create(item);
            }

            kept.set(key, child);
            child.update(item);
            if (child.element === place) {
                place = place.nextSibling;
            } else {
                this.parent.insertBefore(child.element, place);
            }
        }

        for (const [key, child] of this.#children) {
            if (kept.get(key) !== child) {
                child.element.remove();
            }
        }

        this.#children = kept;
    }
}

/** Said to who listens instead of looks; once for each change, never for numbers. */
export function say(text) {
    const line = document.getElementById('said');
    // The same sentence twice is said twice only when it changes in between.
    line.textContent = '';
    requestAnimationFrame(() => { line.textContent = text; });
}

export const copyable = (command) => {
    const button = h('button', { class: 'quiet', type: 'button' }, 'Copy');
    button.addEventListener('click', async () => {
        try {
            await navigator.clipboard.writeText(command);
            button.textContent = 'Copied';
        } catch {
            // Without TLS browsers refuse it: the text is there to be marked.
            button.textContent = 'Mark and copy by hand';
        }

        say(button.textContent);
        setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
    return h('div', { class: 'command' }, h('code', { tabindex: '0' }, command), button);
};
