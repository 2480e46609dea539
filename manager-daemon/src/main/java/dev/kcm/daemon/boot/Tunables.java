package dev.kcm.daemon.boot;

import dev.kcm.controllers.apps.replicaset.ReplicaSetConfig;
import dev.kcm.controllers.apps.replicationcontroller.ReplicationControllerConfig;
import dev.kcm.controllers.auth.legacytokencleaner.LegacyTokenCleanerConfig;
import dev.kcm.controllers.auth.rootca.RootCaConfig;
import dev.kcm.controllers.auth.rootca.RootCaController;
import dev.kcm.controllers.auth.serviceaccounttoken.ServiceAccountTokenConfig;
import dev.kcm.controllers.auth.serviceaccounttoken.ServiceAccountTokenController;
import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.controllers.lifecycle.namespace.NamespaceConfig;
import dev.kcm.controllers.network.endpoints.EndpointsConfig;
import dev.kcm.controllers.network.endpointslice.EndpointSliceConfig;
import dev.kcm.controllers.network.endpointslicemirroring.MirroringConfig;
import dev.kcm.controllers.node.podgc.PodGcConfig;
import dev.kcm.controllers.shared.pki.SigningKey;
import dev.kcm.daemon.options.ControllerSettings;
import dev.kcm.daemon.options.Options;
import dev.kcm.daemon.options.ServiceAccountConfig;
import dev.kcm.daemon.tls.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the flags say to each controller.
 *
 * <p>Immutable.
 */
final class Tunables {

  private Tunables() {}

  /**
   * The tunables of all controllers.
   *
   * @param problems takes what is wrong with files; the result is of no use then
   */
  static CatalogConfig of(Options options, ApiServers apiServers, Problems problems) {
    ControllerSettings settings = options.settings();
    String certificates = certificates(options, apiServers, problems);
    return new CatalogConfig(
        new ReplicaSetConfig(settings.replicaSet().concurrentSyncs()),
        new ReplicationControllerConfig(settings.replicationController().concurrentSyncs()),
        new RootCaConfig(certificates),
        new EndpointsConfig(
            settings.endpoint().concurrentSyncs(), settings.endpoint().updatesBatchPeriod()),
        new EndpointSliceConfig(
            settings.endpointSlice().concurrentSyncs(),
            settings.endpointSlice().maxEndpointsPerSlice(),
            settings.endpointSlice().updatesBatchPeriod()),
        new MirroringConfig(
            settings.endpointSliceMirroring().concurrentSyncs(),
            settings.endpointSliceMirroring().maxEndpointsPerSubset(),
            settings.endpointSliceMirroring().updatesBatchPeriod()),
        new PodGcConfig(settings.podGarbageCollector().terminatedPodThreshold()),
        SigningTunables.of(options, problems),
        problems.attempt(
            "--namespace-sync-period",
            NamespaceConfig.defaults(),
            () ->
                new NamespaceConfig(
                    settings.namespace().concurrentSyncs(), settings.namespace().syncPeriod())),
        NodeTunables.lifecycle(options, problems),
        NodeTunables.ipam(options, problems),
        tokens(options, certificates, problems),
        problems.attempt(
            "--legacy-service-account-token-clean-up-period",
            LegacyTokenCleanerConfig.defaults(),
            () -> new LegacyTokenCleanerConfig(settings.legacyTokenCleaner().cleanUpPeriod())));
  }

  /** The key is only read where somebody signs with it. */
  private static ServiceAccountTokenConfig tokens(
      Options options, String certificates, Problems problems) {
    ServiceAccountConfig settings = options.settings().serviceAccount();
    boolean selected = options.controllers().isSelected(ServiceAccountTokenController.NAME);
    String file = settings.privateKeyFile();
    SigningKey key =
        selected && !file.isEmpty()
            ? problems
                .attempt(
                    "--service-account-private-key-file",
                    Optional.<SigningKey>empty(),
                    () -> Optional.of(SigningKey.read(Path.of(file))))
                .orElse(null)
            : null;
    return new ServiceAccountTokenConfig(settings.concurrentTokenSyncs(), key, certificates);
  }

  /** What pods are to trust the API server by; empty when nobody needs it. */
  private static String certificates(Options options, ApiServers apiServers, Problems problems) {
    ServiceAccountConfig settings = options.settings().serviceAccount();
    boolean tokens =
        options.controllers().isSelected(ServiceAccountTokenController.NAME)
            && !settings.privateKeyFile().isEmpty();
    if (!tokens && !options.controllers().isSelected(RootCaController.NAME)) {
      return "";
    }
    String file = settings.rootCaFile();
    return file.isEmpty()
        ? problems.attempt("--kubeconfig", "", apiServers::certificateAuthority)
        : problems.attempt("--root-ca-file", "", () -> certificates(Path.of(file)));
  }

  /** The text as it stands in the file, once it is known to hold certificates. */
  private static String certificates(Path file) throws IOException {
    PemFiles.requireCertificates(file);
    return Files.readString(file);
  }
}
