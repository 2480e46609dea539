package dev.kcm.examples.podcount;

import io.fabric8.kubernetes.api.model.Namespace;

/**
 * All that a decision depends on.
 *
 * @param namespace the namespace
 * @param running its pods in phase Running that are not being deleted
 */
record PodCountSnapshot(Namespace namespace, long running) {}
