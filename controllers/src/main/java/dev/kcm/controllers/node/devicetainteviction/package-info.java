/**
 * The device taint eviction controller: deletes pods that use devices with {@code NoExecute} taints
 * which their claims do not tolerate, at once or when the {@code tolerationSeconds} are over.
 *
 * <p><b>Watches</b> pods, for their claims and their node; ResourceClaims, for what is allocated to
 * whom; ResourceSlices, for devices and their taints; DeviceTaintRules and DeviceClasses, for
 * taints that administrators put on devices.
 *
 * <p><b>Writes</b> pods/status: patch (condition {@code DisruptionTarget}); pods: get, delete.
 *
 * <p><b>Queue key</b> namespace and name of the pod; name of the rule. <b>Flags</b> none.
 *
 * <p><b>Events</b> on pods, of {@code device-taint-eviction-controller}: {@code
 * DeviceTaintManagerEviction}; on rules, of {@code resource_slice_tracker}: {@code
 * CELRuntimeError}, {@code CELCompileError}. <b>Conditions</b> {@code DisruptionTarget} with reason
 * {@code DeletionByDeviceTaintManager}.
 *
 * <p><b>Metrics</b> {@code device_taint_eviction_controller_pod_deletions_total}, {@code
 * device_taint_eviction_controller_pod_deletion_duration_seconds}.
 *
 * <p><b>Feature gates</b> {@code DynamicResourceAllocation} and {@code DRADeviceTaints}: both must
 * be on; {@code DRAConsumableCapacity}: expressions know {@code device.allowMultipleAllocations}.
 *
 * <p><b>Invariants</b> a pod is told to be a target before it is deleted; time counts from when the
 * taint was added; only the incarnation seen is deleted; a rule whose expression has no answer for
 * a device does not taint it.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/device-taint-eviction.md}.
 */
@NullMarked
package dev.kcm.controllers.node.devicetainteviction;

import org.jspecify.annotations.NullMarked;
