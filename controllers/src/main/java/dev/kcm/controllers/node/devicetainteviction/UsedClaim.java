package dev.kcm.controllers.node.devicetainteviction;

import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import java.util.List;

/**
 * A claim that a pod names.
 *
 * @param claim the claim
 * @param generated whether it was made from a template for the pod
 * @param devices what is allocated, in order
 */
record UsedClaim(ResourceClaim claim, boolean generated, List<UsedDevice> devices) {

  UsedClaim {
    devices = List.copyOf(devices);
  }

  /**
   * A device that is allocated.
   *
   * @param taints those that send pods away, the slice's and those of rules
   * @param tolerations of the request it was allocated for
   */
  record UsedDevice(List<Taint> taints, List<Toleration> tolerations) {

    UsedDevice {
      taints = List.copyOf(taints);
      tolerations = List.copyOf(tolerations);
    }
  }
}
