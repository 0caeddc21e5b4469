// What the counters were: the API says what is, so the past of a chart is what this page has seen, and is kept while it is open.

import { groups, sums } from './outcomes.js';

const samplesMax = 900;
const rateSeconds = 20;

/** An answer that an event has overtaken looks like a step back. */
const overtakenMilliseconds = 5000;

/** Cumulative counts (arrays of one length) over time. Old samples become sparse, none is dropped at once. */
export class Series {
    #samples = [];

    add(at, values) {
        const last = this.#samples.at(-1);
        if (last !== undefined && values.some((value, i) => value < last.values[i])) {
            if (at - last.at < overtakenMilliseconds) {
                return;
            }

            // Another process counts from zero: what was is another story.
            this.#samples = [];
        } else if (last !== undefined && at - last.at < 500) {
            return;
        }

        this.#samples.push({ at, values });
        if (this.#samples.length > samplesMax) {
            const old = this.#samples.length / 2;
            this.#samples = this.#samples.filter((_, i) => i >= old || i % 2 === 0);
        }
    }

    get since() {
        return this.#samples[0]?.at ?? null;
    }

    /** The counts at a time, between two samples in proportion; null before the first. */
    at(time) {
        const samples = this.#samples;
        if (samples.length === 0 || time < samples[0].at) {
            return null;
        }

        let low = 0;
        let high = samples.length - 1;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if (samples[middle].at <= time) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }

        const [before, after] = [samples[low], samples[low + 1]];
        if (after === undefined) {
            return before.values;
        }

        const share = (time - before.at) / (after.at - before.at);
        return before.values.map((value, i) => value + (after.values[i] - value) * share);
    }

    /** A second, over the last seconds, each value by itself; null while too little is known. */
    rates() {
        const last = this.#samples.at(-1);
        if (last === undefined || this.#samples.length < 2) {
            return null;
        }

        const from = Math.max(last.at - rateSeconds * 1000, this.#samples[0].at);
        const first = this.at(from);
        const seconds = (last.at - from) / 1000;
        return seconds < 1 ? null : last.values.map((value, i) => (value - first[i]) / seconds);
    }
}

const byCampaign = new Map();
const bySilo = new Map();
const sumCounts = groups.map(() => 0);
let sumBytes = 0;

/** All campaigns together, from when the page was opened: outcomes by group, then bytes received. */
export const everything = new Series();

export const ofCampaign = (id) => byCampaign.get(id);

const countsOf = (campaign) => [...sums(campaign.progress.outcomes), campaign.progress.bytesReceived];

/** One campaign as it is now; the events of one that is looked at come more often than the list. */
export function noteCampaign(campaign, at = Date.now()) {
    let series = byCampaign.get(campaign.id);
    if (series === undefined) {
        byCampaign.set(campaign.id, series = Object.assign(new Series(), { counted: countsOf(campaign) }));
    }

    series.add(at, countsOf(campaign));
}

export function noteCampaigns(list, at = Date.now()) {
    for (const campaign of list) {
        noteCampaign(campaign, at);
        const series = byCampaign.get(campaign.id);
        const counts = countsOf(campaign);
        counts.forEach((value, i) => {
            const more = Math.max(0, value - series.counted[i]);
            if (i < sumCounts.length) {
                sumCounts[i] += more;
            } else {
                sumBytes += more;
            }
        });
        series.counted = counts;
    }

    everything.add(at, [...sumCounts, sumBytes]);
}

export function noteSilos(list, at = Date.now()) {
    for (const silo of list) {
        if (!bySilo.has(silo.name)) {
            bySilo.set(silo.name, new Series());
        }

        bySilo.get(silo.name).add(at, [silo.done]);
    }

    const present = new Set(list.map((silo) => silo.name));
    for (const name of bySilo.keys()) {
        if (!present.has(name)) {
            bySilo.delete(name);
        }
    }
}

export const siloRate = (name) => bySilo.get(name)?.rates()?.[0] ?? null;

/** Syncs a second of a campaign, or null. */
export function campaignRate(id) {
    const rates = byCampaign.get(id)?.rates();
    return rates?.slice(0, groups.length).reduce((sum, value) => sum + value, 0) ?? null;
}
