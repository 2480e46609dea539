package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.controllers.shared.cel.ExpressionException;

/**
 * Why a rule has no answer for a device.
 *
 * @param reason reason of the event about it; empty for none
 * @param message text of the event
 */
record RuleProblem(String reason, String message) {

  static final RuleProblem NONE = new RuleProblem("", "");

  static RuleProblem of(String place, ExpressionException none) {
    return none.isAboutTheText()
        ? new RuleProblem(
            DeviceTaintEvictionReasons.COMPILE_ERROR, place + ": " + none.getMessage())
        : new RuleProblem(
            DeviceTaintEvictionReasons.RUNTIME_ERROR,
            place + ": runtime error: " + none.getMessage());
  }
}
