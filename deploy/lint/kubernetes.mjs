// node kubernetes.mjs < manifests: checks each document against Kubernetes' own OpenAPI schemas, as the npm package kubernetes-models has them,
// with unknown fields refused, and what schemas cannot say: that names which refer to each other exist. Packages are in the folder LINT_PACKAGES.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(process.env.LINT_PACKAGES + "/package.json");
const yaml = require("js-yaml");
const documents = yaml.loadAll(readFileSync(0, "utf8")).filter(Boolean);
let faults = 0;
const fault = (of, text) => { faults++; console.log(`${of}: ${text}`); };

/** The document against the schema of its kind. */
function check(document) {
    const [group, version] = document.apiVersion.includes("/") ? document.apiVersion.split("/") : [null, document.apiVersion];
    const of = `${document.kind}/${document.metadata?.name}`;
    const capital = word => word[0].toUpperCase() + word.slice(1);
    const schema = `IoK8sApi${capital((group ?? "core").split(".")[0])}${capital(version)}${document.kind}`;
    let validate;
    try {
        validate = require(`${process.env.LINT_PACKAGES}/node_modules/kubernetes-models/_schemas/${schema}.js`).validate;
    } catch {
        return fault(of, `there is no ${document.kind} in ${document.apiVersion}`);
    }
    // Base64 may be broken into lines.
    for (const key of Object.keys((document.kind === "Secret" && document.data) || {})) document.data[key] = document.data[key].replace(/\s/g, "");
    const unread = new Set();
    validate(watched(document, "", unread));
    for (const error of validate.errors ?? []) fault(of, `${error.instancePath} ${error.keyword} ${JSON.stringify(error.params)}`);
    if (!validate.errors) unread.forEach(path => fault(of, `there is no field ${path}`));
}

/** The validators read the fields that a schema has, and list those of a map: what was neither read nor listed is unknown. */
function watched(value, path, unread) {
    if (value === null || typeof value !== "object") return value;
    const copy = Array.isArray(value) ? [] : {};
    for (const [key, child] of Object.entries(value)) {
        const at = `${path}.${key}`;
        copy[key] = watched(child, at, unread);
        if (!Array.isArray(value)) unread.add(at);
    }
    return new Proxy(copy, {
        get(target, key) { unread.delete(`${path}.${String(key)}`); return target[key]; },
        ownKeys(target) { Object.keys(target).forEach(key => unread.delete(`${path}.${key}`)); return Reflect.ownKeys(target); },
    });
}

documents.forEach(check);

const names = new Set(documents.map(d => `${d.kind}/${d.metadata.name}`));
const workloads = documents.filter(d => d.spec?.template?.spec?.containers);
for (const workload of workloads) {
    const of = `${workload.kind}/${workload.metadata.name}`;
    const pod = workload.spec.template.spec;
    const volumes = new Set([...(pod.volumes ?? []).map(v => v.name), ...(workload.spec.volumeClaimTemplates ?? []).map(v => v.metadata.name)]);
    const labels = workload.spec.template.metadata.labels;
    for (const [key, value] of Object.entries(workload.spec.selector?.matchLabels ?? {})) {
        if (labels[key] !== value) fault(of, `the selector's ${key} is not on its pods`);
    }
    if (!names.has(`ServiceAccount/${pod.serviceAccountName}`)) fault(of, `no ServiceAccount/${pod.serviceAccountName}`);
    if (workload.spec.serviceName && !names.has(`Service/${workload.spec.serviceName}`)) fault(of, `no Service/${workload.spec.serviceName}`);
    for (const volume of pod.volumes ?? []) {
        if (volume.secret && !names.has(`Secret/${volume.secret.secretName}`)) fault(of, `no Secret/${volume.secret.secretName}`);
    }
    for (const container of pod.containers) {
        const ports = new Set((container.ports ?? []).map(p => p.name));
        for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
            const port = container[probe]?.httpGet?.port;
            if (port && !ports.has(port)) fault(of, `${probe} asks port ${port}, which the container does not name`);
        }
        for (const mount of container.volumeMounts ?? []) if (!volumes.has(mount.name)) fault(of, `no volume ${mount.name}`);
        for (const from of container.envFrom ?? []) if (!names.has(`ConfigMap/${from.configMapRef.name}`)) fault(of, `no ConfigMap/${from.configMapRef.name}`);
    }
}

const hits = selector => workloads.some(w => Object.entries(selector).every(([k, v]) => w.spec.template.metadata.labels[k] === v));
for (const d of documents) {
    const selector = d.kind === "Service" ? d.spec.selector : ["NetworkPolicy", "PodDisruptionBudget"].includes(d.kind) ? (d.spec.podSelector ?? d.spec.selector).matchLabels : null;
    if (selector && !hits(selector)) fault(`${d.kind}/${d.metadata.name}`, "selects no pods");
}

console.log(`${documents.length} documents, ${faults} faults`);
process.exit(faults === 0 ? 0 : 1);
