// What the objects of the cluster mean to a viewer. No function here touches the page.

export const at = (object, path) =>
  path.split('.').reduce((part, name) => (part == null ? undefined : part[name]), object);

export const idOf = (object) => object.metadata.uid;

export const fullName = (object) =>
  (object.metadata.namespace ? object.metadata.namespace + '/' : '') + object.metadata.name;

const condition = (object, type) =>
  (at(object, 'status.conditions') || []).find((one) => one.type === type);

/** The status of a pod as kubectl words it. */
export function podStatus(pod) {
  if (pod.metadata.deletionTimestamp) return 'Terminating';
  let words = at(pod, 'status.reason') || at(pod, 'status.phase') || 'Pending';
  let running = false;
  for (const container of at(pod, 'status.containerStatuses') || []) {
    const waiting = at(container, 'state.waiting.reason');
    const ended = at(container, 'state.terminated');
    if (waiting) words = waiting;
    else if (ended) words = ended.reason || 'ExitCode:' + ended.exitCode;
    else if (container.ready) running = true;
  }
  if (words === 'Completed' && running) words = podReady(pod) ? 'Running' : 'NotReady';
  return words;
}

export const podReady = (pod) => at(condition(pod, 'Ready'), 'status') === 'True';

/** One of ok, wait, bad, done, going. */
export function podMood(pod) {
  if (pod.metadata.deletionTimestamp) return 'going';
  const phase = at(pod, 'status.phase');
  if (phase === 'Succeeded') return 'done';
  if (phase === 'Failed') return 'bad';
  const status = podStatus(pod);
  if (/BackOff|Err|Invalid|Unknown|ExitCode|OOMKilled/.test(status)) return 'bad';
  if (phase === 'Running') return podReady(pod) ? 'ok' : 'wait';
  const scheduled = condition(pod, 'PodScheduled');
  return scheduled && scheduled.reason === 'Unschedulable' ? 'bad' : 'wait';
}

/** Why a pod waits, when somebody has said so. */
export function podWhy(pod) {
  const scheduled = condition(pod, 'PodScheduled');
  return scheduled && scheduled.status === 'False' ? scheduled.message : '';
}

export const podContainers = (pod) => {
  const statuses = at(pod, 'status.containerStatuses') || [];
  return {
    all: (at(pod, 'spec.containers') || []).length,
    ready: statuses.filter((one) => one.ready).length,
    restarts: statuses.reduce((sum, one) => sum + (one.restartCount || 0), 0),
  };
};

export const nodeReady = (node) => at(condition(node, 'Ready'), 'status') === 'True';

export function nodeStatus(node) {
  const ready = condition(node, 'Ready');
  const words = !ready || ready.status === 'Unknown' ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return words + (at(node, 'spec.unschedulable') ? ', cordoned' : '');
}

export const nodeAddress = (node) =>
  at((at(node, 'status.addresses') || []).find((one) => one.type === 'InternalIP'), 'address') || '';

const KINDS = {
  replicationcontrollers: 'ReplicationController',
  replicasets: 'ReplicaSet',
  deployments: 'Deployment',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  jobs: 'Job',
};

export const WORKLOADS = Object.keys(KINDS);

/** How far a workload has come. */
export function workload(resource, object) {
  const images = (at(object, 'spec.template.spec.containers') || []).map((one) => one.image);
  const count = (path, otherwise) => at(object, path) ?? otherwise;
  let wanted = count('spec.replicas', 1);
  let ready = count('status.readyReplicas', 0);
  if (resource === 'daemonsets') {
    wanted = count('status.desiredNumberScheduled', 0);
    ready = count('status.numberReady', 0);
  } else if (resource === 'jobs') {
    wanted = count('spec.completions', count('spec.parallelism', 1));
    ready = count('status.succeeded', 0);
  }
  return { kind: KINDS[resource], images: images.join(', '), wanted, ready };
}

/** "web-host_1b2c..." as the host and the rest. */
export function holderParts(identity) {
  const cut = identity.lastIndexOf('_');
  return cut < 0 ? { host: identity, id: '' } : { host: identity.slice(0, cut), id: identity.slice(cut + 1) };
}

export const eventTime = (event) =>
  Date.parse(event.lastTimestamp || event.eventTime || event.firstTimestamp || event.metadata.creationTimestamp);

/** An age as kubectl prints it. */
export function age(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (seconds < 120) return seconds + 's';
  if (minutes < 10) return seconds % 60 ? `${minutes}m${seconds % 60}s` : minutes + 'm';
  if (hours < 3) return minutes + 'm';
  return hours < 48 ? hours + 'h' : Math.floor(hours / 24) + 'd';
}
