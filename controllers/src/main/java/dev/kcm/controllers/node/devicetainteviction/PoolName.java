package dev.kcm.controllers.node.devicetainteviction;

import io.fabric8.kubernetes.api.model.resource.v1.DeviceRequestAllocationResult;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSlice;

/**
 * A pool of devices.
 *
 * @param driver whose pool
 * @param pool name within the driver
 */
record PoolName(String driver, String pool) {

  static PoolName of(ResourceSlice slice) {
    return new PoolName(slice.getSpec().getDriver(), slice.getSpec().getPool().getName());
  }

  static PoolName of(DeviceRequestAllocationResult device) {
    return new PoolName(device.getDriver(), device.getPool());
  }

  /** Value for indexes: a driver has no slash in its name. */
  String indexValue() {
    return driver + "/" + pool;
  }

  static PoolName ofIndexValue(String value) {
    int slash = value.indexOf('/');
    return new PoolName(value.substring(0, slash), value.substring(slash + 1));
  }
}
