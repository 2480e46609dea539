/**
 * The device taint eviction controller: deletes pods that use devices with {@code NoExecute} taints
 * which their ResourceClaims do not tolerate, at once or when the {@code tolerationSeconds} are
 * over.
 *
 * <p><b>Watches</b> pods, for their claims and their node; ResourceClaims, for what is allocated to
 * whom; ResourceSlices, for devices and their taints; DeviceTaintRules and DeviceClasses, for
 * taints that administrators put on devices.
 *
 * <p><b>Writes</b> pods/status: patch (condition {@code DisruptionTarget}); pods: get, delete;
 * events: create, patch.
 *
 * <p><b>Queue key</b> {@code device_taint_eviction} (namespace and name of the pod; 8 workers),
 * {@code device_taint_rule} (name of the rule; 1 worker).
 *
 * <p><b>Flags</b> none.
 *
 * <p><b>Events</b> as {@code device-taint-eviction-controller}, on the pod: {@code
 * DeviceTaintManagerEviction}, "Marking for deletion" once before the first attempt, "Cancelling
 * deletion" when a countdown is called off; as {@code resource_slice_tracker}, on the rule: {@code
 * CELCompileError}, {@code CELRuntimeError}.
 *
 * <p><b>Conditions</b> {@code DisruptionTarget} with reason {@code DeletionByDeviceTaintManager}.
 *
 * <p><b>Metrics</b> {@code device_taint_eviction_controller_pod_deletions_total}, {@code
 * device_taint_eviction_controller_pod_deletion_duration_seconds} (from when the deletion was due
 * to its success).
 *
 * <p><b>Feature gates</b> {@code DynamicResourceAllocation} (on) and {@code DRADeviceTaints} (off)
 * must be on; {@code DRAConsumableCapacity} (off): expressions know {@code
 * device.allowMultipleAllocations}.
 *
 * <p><b>Invariants</b> a pod is told to be a target before it is deleted; time counts from when the
 * taint was added; only the incarnation seen is deleted; a rule whose expression has no answer for
 * a device does not taint it.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>A deletion that fails is tried again with back-off until it works or is not wanted any
 *       more; <i>upstream gives up after five attempts within 50 ms</i>
 *   <li>When a countdown is over, claims and taints are looked at once more; <i>what has changed
 *       meanwhile counts</i>
 *   <li>A pod that is being deleted already is left alone; <i>it goes anyway</i>
 *   <li>Each pod is worked out from its own claims and devices; slices are not patched and kept a
 *       second time; <i>no memory for it, and a rule costs nothing where nobody uses what it
 *       selects</i>
 *   <li>Of several pods that share a claim all are looked at; <i>upstream stops at the first that
 *       is not in its cache</i>
 *   <li>An expression that does not compile concerns its rule alone, and an event tells it;
 *       <i>upstream then leaves all taints of the slice as they were, and logs</i>
 *   <li>Expressions of classes without an answer are told, too; <i>upstream ignores them
 *       silently</i>
 *   <li>A DeviceClass that is deleted takes effect at once; <i>upstream overlooks it</i>
 *   <li>Turns of loops are counted, not the cost of each operation; <i>the library has no cost
 *       model of cel-go; API servers have checked the cost before</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.node.devicetainteviction;

import org.jspecify.annotations.NullMarked;
