package dev.kcm.daemon.options;

/**
 * Settings of the controller that deletes finished and lost pods.
 *
 * @param terminatedPodThreshold finished pods that are kept; 0 or less keeps all
 */
public record PodGarbageCollectorConfig(int terminatedPodThreshold) {}
