package dev.kcm.controllers.shared.objects;

import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;

/**
 * The types of the built-in kinds that several controllers read.
 *
 * <p>Immutable.
 */
public final class Kinds {

  public static final ResourceType<ConfigMap> CONFIG_MAPS = ResourceType.of(ConfigMap.class);
  public static final ResourceType<Endpoints> ENDPOINTS = ResourceType.of(Endpoints.class);
  public static final ResourceType<EndpointSlice> ENDPOINT_SLICES =
      ResourceType.of(EndpointSlice.class);
  public static final ResourceType<Namespace> NAMESPACES = ResourceType.of(Namespace.class);
  public static final ResourceType<Node> NODES = ResourceType.of(Node.class);
  public static final ResourceType<Secret> SECRETS = ResourceType.of(Secret.class);
  public static final ResourceType<Service> SERVICES = ResourceType.of(Service.class);
  public static final ResourceType<ServiceAccount> SERVICE_ACCOUNTS =
      ResourceType.of(ServiceAccount.class);

  private Kinds() {}
}
