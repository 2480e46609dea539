package dev.kcm.controllers.shared.cel;

import io.fabric8.kubernetes.api.model.resource.v1.Device;

/** Selects devices. Thread-safe. */
@FunctionalInterface
public interface DeviceExpression {

  /**
   * Whether it selects a device.
   *
   * @param driver name of the driver, which is the domain of attributes and capacities without one
   * @param device the device; not changed
   * @throws ExpressionException when the expression is not one, when what it asks for is missing,
   *     when its result is not a boolean, and when it costs too much
   */
  boolean matches(String driver, Device device);
}
