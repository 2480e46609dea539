package dev.kcm.controllers.shared.objects;

import dev.kcm.core.access.Access;
import dev.kcm.core.object.ResourceType;

/**
 * What admission plugins of some clusters ask of controllers, beside what their requests need.
 *
 * <p>Immutable.
 */
public final class PluginAccess {

  private PluginAccess() {}

  /** To make objects whose owner reference holds back the deletion of an owner of this type. */
  public static Access blockDeletionOf(ResourceType<?> type) {
    return Access.to(type, "finalizers")
        .update(
            "owner references that hold back a deletion, where the plugin"
                + " OwnerReferencesPermissionEnforcement is on");
  }

  /** To list addresses of the cluster's own networks in objects of this type. */
  public static Access anyAddressIn(ResourceType<?> type) {
    return Access.to(type, "restricted")
        .create("addresses of the pods' network, where a plugin such as OpenShift's guards it");
  }
}
