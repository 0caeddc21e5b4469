// Questions before deeds, and words after them. <dialog> keeps the focus, gives it back, and closes with Escape.

import { h, say } from '../dom.js';

/**
 * Asks; gives what `read` makes of it, or null when the answer is no. The focus is on the way out where the deed destroys something.
 */
export function ask({ title, text, fields = [], yes, no = 'Leave it', isDangerous = false, read = () => true }) {
    return new Promise((resolve) => {
        const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
        const refuse = h('button', { type: 'button', class: 'quiet', autofocus: isDangerous && fields.length === 0 }, no);
        const accept = h('button', { type: 'submit', class: isDangerous ? 'danger' : 'primary', autofocus: !isDangerous && fields.length === 0 }, yes);
        const form = h('form', { class: 'dialog-form' }, h('h2', { id: 'dialog-title' }, title), ...[text].flat().filter(Boolean).map((line) => h('p', {}, line)), ...fields, problem, h('div', { class: 'dialog-buttons' }, refuse, accept));
        const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' }, form);
        let answer = null;
        refuse.addEventListener('click', () => dialog.close());
        form.addEventListener('submit', (event) => {
            event.preventDefault();
            try {
                answer = read(new FormData(form));
                dialog.close();
            } catch (error) {
                problem.hidden = false;
                problem.textContent = error.message;
            }
        });
        dialog.addEventListener('close', () => {
            dialog.remove();
            resolve(answer);
        });
        document.body.append(dialog);
        dialog.showModal();
    });
}

const shownMilliseconds = 6000;

/** Tells how a deed ended. What failed stays until it is put away. */
export function tell(text, isFailure = false) {
    const toast = h('div', { class: isFailure ? 'toast is-failure' : 'toast' }, h('span', {}, text));
    toast.append(h('button', { type: 'button', class: 'quiet', 'aria-label': 'Put this message away', onclick: () => toast.remove() }, '×'));
    const toasts = document.getElementById('toasts');
    toasts.append(toast);
    while (toasts.childElementCount > 4) {
        toasts.firstElementChild.remove();
    }

    say(text);
    if (!isFailure) {
        setTimeout(() => toast.remove(), shownMilliseconds);
    }
}

/** Does it, and tells how it ended. */
export async function attempt(deed, done) {
    try {
        await deed();
        tell(done);
        return true;
    } catch (error) {
        tell(error.message, true);
        return false;
    }
}
