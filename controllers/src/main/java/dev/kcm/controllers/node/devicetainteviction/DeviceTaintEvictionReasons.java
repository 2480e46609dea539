package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.controllers.shared.pods.DisruptionCondition;

/**
 * Texts users see.
 *
 * <p>Immutable.
 */
final class DeviceTaintEvictionReasons {

  static final String EVICTION = "DeviceTaintManagerEviction";
  static final String MARKING = "Marking for deletion";
  static final String CANCELLING = "Cancelling deletion";
  static final String RUNTIME_ERROR = "CELRuntimeError";
  static final String COMPILE_ERROR = "CELCompileError";
  static final DisruptionCondition CONDITION =
      new DisruptionCondition(
          "DeletionByDeviceTaintManager", "Device Taint manager: deleting due to NoExecute taint");

  private DeviceTaintEvictionReasons() {}
}
