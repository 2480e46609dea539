package dev.kcm.controllers.node.devicetainteviction;

import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintRule;

/**
 * All inputs of what is said of a rule.
 *
 * @param rule the rule
 * @param problem the first found, {@link RuleProblem#NONE} when its expressions have an answer for
 *     each device it may select
 */
record RuleCheckSnapshot(DeviceTaintRule rule, RuleProblem problem) {}
