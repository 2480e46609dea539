package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceClass;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSlice;
import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintRule;

/**
 * The types of the kinds about devices.
 *
 * <p>Immutable.
 */
final class DeviceKinds {

  static final ResourceType<ResourceClaim> CLAIMS = ResourceType.of(ResourceClaim.class);
  static final ResourceType<ResourceSlice> SLICES = ResourceType.of(ResourceSlice.class);
  static final ResourceType<DeviceClass> CLASSES = ResourceType.of(DeviceClass.class);
  static final ResourceType<DeviceTaintRule> RULES = ResourceType.of(DeviceTaintRule.class);

  private DeviceKinds() {}
}
