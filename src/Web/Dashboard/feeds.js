// What is asked again and again while somebody looks at it. A failure keeps the last picture and asks less and less often.

import { ApiError, call } from './api.js';

const hiddenFactor = 5;
const waitSecondsMax = 15;

/** Whether the server answers: fires 'change'; `failing` is { since, error, retryAt } or null. */
export const connection = Object.assign(new EventTarget(), { failing: null, answeredAt: null });

const feeds = [];

function note(error, waitMilliseconds = 0) {
    const failing = error === null ? null : { since: connection.failing?.since ?? Date.now(), error, retryAt: Date.now() + waitMilliseconds };
    if (error === null) {
        connection.answeredAt = Date.now();
    }

    connection.failing = failing;
    connection.dispatchEvent(new Event('change'));
}

export class Feed {
    #listeners = new Set();
    #timer = null;
    #asking = false;
    #failures = 0;

    /** `read` turns an answer into a value. */
    constructor(path, periodSeconds, read) {
        Object.assign(this, { path, periodSeconds, read, value: null, error: null });
        feeds.push(this);
    }

    /** Tells each value, the present one at once; gives back what ends it. */
    watch(listener) {
        this.#listeners.add(listener);
        if (this.value !== null) {
            listener(this.value);
        }

        this.ask();
        return () => {
            this.#listeners.delete(listener);
            if (this.#listeners.size === 0) {
                clearTimeout(this.#timer);
            }
        };
    }

    /** Asks now: after a deed whose effect is to be seen, or when somebody presses "try now". */
    async ask() {
        if (this.#asking || this.#listeners.size === 0) {
            return;
        }

        clearTimeout(this.#timer);
        this.#asking = true;
        let waitSeconds = this.periodSeconds * (document.hidden ? hiddenFactor : 1);
        try {
            const value = this.read(await call('GET', this.path));
            this.#failures = 0;
            this.error = null;
            this.value = value;
            note(null);
        } catch (error) {
            this.error = error;
            this.#failures++;
            waitSeconds = Math.min(waitSecondsMax, Math.max(2 ** Math.min(this.#failures, 6) / 2, error.retryAfter ?? 0));
            if (!(error instanceof ApiError)) {
                console.error(error);
            }

            note(error, waitSeconds * 1000);
        } finally {
            this.#asking = false;
        }

        if (this.error === null) {
            for (const listener of [...this.#listeners]) {
                listener(this.value);
            }
        }

        // A refused token is asked for first: main begins again.
        if (this.#listeners.size > 0 && this.error?.status !== 401) {
            clearTimeout(this.#timer);
            this.#timer = setTimeout(() => this.ask(), waitSeconds * 1000);
        }
    }
}

export const askAll = () => feeds.forEach((feed) => feed.ask());

// Whoever comes back to the page sees the present at once.
document.addEventListener('visibilitychange', () => {
    if (!document.hidden) {
        askAll();
    }
});

export const campaigns = new Feed('/api/v1/campaigns?max=100', 2, (answer) => answer.campaigns);
export const hosts = new Feed('/api/v1/hosts', 2, (answer) => answer.hosts);
export const silos = new Feed('/api/v1/silos', 3, (answer) => answer.silos);
export const schedule = new Feed('/api/v1/schedule', 10, (answer) => answer);
export const troubles = new Feed('/api/v1/troubles?max=100', 5, (answer) => answer);

/** A stream broke: the feeds find out whether the server is away. */
export const connectionLost = () => campaigns.ask();
