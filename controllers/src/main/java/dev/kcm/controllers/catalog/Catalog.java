package dev.kcm.controllers.catalog;

import dev.kcm.controllers.apps.replicaset.ReplicaSetController;
import dev.kcm.controllers.apps.replicationcontroller.ReplicationControllerController;
import dev.kcm.controllers.auth.bootstrapsigner.BootstrapSignerController;
import dev.kcm.controllers.auth.csrapproving.CsrApprovingController;
import dev.kcm.controllers.auth.csrcleaner.CsrCleanerController;
import dev.kcm.controllers.auth.csrsigning.CsrSigningController;
import dev.kcm.controllers.auth.legacytokencleaner.LegacyTokenCleanerController;
import dev.kcm.controllers.auth.rootca.RootCaController;
import dev.kcm.controllers.auth.serviceaccount.ServiceAccountController;
import dev.kcm.controllers.auth.serviceaccounttoken.ServiceAccountTokenController;
import dev.kcm.controllers.auth.tokencleaner.TokenCleanerController;
import dev.kcm.controllers.lifecycle.namespace.NamespaceController;
import dev.kcm.controllers.network.endpoints.EndpointsController;
import dev.kcm.controllers.network.endpointslice.EndpointSliceController;
import dev.kcm.controllers.network.endpointslicemirroring.MirroringController;
import dev.kcm.controllers.node.devicetainteviction.DeviceTaintEvictionController;
import dev.kcm.controllers.node.nodeipam.NodeIpamController;
import dev.kcm.controllers.node.nodelifecycle.NodeLifecycleController;
import dev.kcm.controllers.node.podgc.PodGcController;
import dev.kcm.controllers.node.tainteviction.TaintEvictionController;
import dev.kcm.controllers.node.ttl.TtlController;
import dev.kcm.core.manager.ControllerSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The controllers there are, by canonical name and alias.
 *
 * <p>Immutable.
 */
public final class Catalog {

  private final List<ControllerSpec> specs;
  private final Map<String, ControllerSpec> byName;

  private Catalog(List<ControllerSpec> specs) {
    this.specs = List.copyOf(specs);
    this.byName = byName(specs);
  }

  /**
   * All controllers, with the given tunables. Tokens come first: others may need one to reach the
   * API server.
   */
  public static Catalog of(CatalogConfig config) {
    return of(
        List.of(
            ServiceAccountTokenController.spec(config.serviceAccountToken()),
            ServiceAccountController.spec(),
            LegacyTokenCleanerController.spec(config.legacyTokenCleaner()),
            EndpointsController.spec(config.endpoints()),
            EndpointSliceController.spec(config.endpointSlice()),
            MirroringController.spec(config.mirroring()),
            ReplicationControllerController.spec(config.replicationController()),
            ReplicaSetController.spec(config.replicaSet()),
            PodGcController.spec(config.podGc()),
            NodeIpamController.spec(config.nodeIpam()),
            NodeLifecycleController.spec(config.nodeLifecycle()),
            TaintEvictionController.spec(),
            DeviceTaintEvictionController.spec(),
            NamespaceController.spec(config.namespace()),
            CsrSigningController.spec(config.csrSigning()),
            CsrApprovingController.spec(),
            CsrCleanerController.spec(),
            TtlController.spec(),
            RootCaController.spec(config.rootCa()),
            BootstrapSignerController.spec(),
            TokenCleanerController.spec()));
  }

  /**
   * A catalog of the controllers given, for example of an operator's own.
   *
   * @throws IllegalArgumentException when a name or alias is taken twice
   */
  public static Catalog of(List<ControllerSpec> specs) {
    return new Catalog(specs);
  }

  /** The controllers, in the order of the catalog. */
  public List<ControllerSpec> specs() {
    return specs;
  }

  /** The controller of this canonical name or alias. */
  public Optional<ControllerSpec> find(String nameOrAlias) {
    return Optional.ofNullable(byName.get(nameOrAlias));
  }

  private static Map<String, ControllerSpec> byName(List<ControllerSpec> specs) {
    Map<String, ControllerSpec> byName = new HashMap<>();
    for (ControllerSpec spec : specs) {
      put(byName, spec.name(), spec);
      spec.aliases().forEach(alias -> put(byName, alias, spec));
    }
    return Map.copyOf(byName);
  }

  private static void put(Map<String, ControllerSpec> byName, String name, ControllerSpec spec) {
    ControllerSpec other = byName.putIfAbsent(name, spec);
    if (other != null) {
      throw new IllegalArgumentException(
          "controller name \""
              + name
              + "\" is taken by both "
              + other.name()
              + " and "
              + spec.name());
    }
  }
}
