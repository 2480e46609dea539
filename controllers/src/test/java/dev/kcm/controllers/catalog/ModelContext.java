package dev.kcm.controllers.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.auth.csrsigning.CsrSigningConfig;
import dev.kcm.controllers.auth.serviceaccounttoken.ServiceAccountTokenConfig;
import dev.kcm.controllers.node.nodeipam.ClusterRange;
import dev.kcm.controllers.node.nodeipam.NodeIpamConfig;
import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.pki.TestPki;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Selection;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Wires controllers to caches of an empty cluster, and notes what they watch.
 *
 * <p>Confined to the test's thread.
 */
final class ModelContext implements ControllerContext {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final ModelCaches caches = ModelCaches.of(ModelCluster.of(environment, List.of()), 1);
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final Set<String> asked = new TreeSet<>();

  /** All controllers, with what they need to do anything at all. */
  static Catalog everything(Path directory) {
    return Catalog.of(
        CatalogConfig.builder()
            .nodeIpam(new NodeIpamConfig(List.of(new ClusterRange("10.0.0.0/16", 24)), List.of()))
            .serviceAccountToken(
                new ServiceAccountTokenConfig(1, TestPki.signingKey(), "certificates"))
            .csrSigning(
                new CsrSigningConfig(
                    Map.of(Signer.LEGACY_UNKNOWN, TestPki.files(directory)),
                    CsrSigningConfig.DEFAULT_LONGEST))
            .build());
  }

  /** The resources whose informers were asked for, with the namespaces where these are not all. */
  Set<String> asked() {
    return Set.copyOf(asked);
  }

  @Override
  public Environment environment() {
    return environment;
  }

  @Override
  public <T extends HasMetadata> Informer<T> informer(ResourceType<T> type, Selection selection) {
    assertThat(selection).isIn(Selection.ALL, Selection.namespace("kube-node-lease"));
    asked.add(
        type.qualifiedPlural()
            + (selection.equals(Selection.ALL) ? "" : " " + selection.namespaces()));
    return caches.informer(type);
  }

  @Override
  public MeterRegistry meters() {
    return meters;
  }

  @Override
  public boolean enabled(String featureGate) {
    return featureGate.equals("PodDeletionCost");
  }
}
