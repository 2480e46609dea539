package dev.kcm.testkit.contract;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;

/**
 * The contract against kube-apiserver and etcd, which {@code mvn verify -Preal-apiserver} starts.
 *
 * <p>The binaries are those in the folder that {@code KUBE_API_TEST_DIR} names if {@code
 * KUBE_API_TEST_OFFLINE_MODE=true}; else they are downloaded.
 */
@DisplayName("kube-apiserver keeps the contract")
class RealServerContractIT extends ApiServerContract {

  private static final String LINE = "1.34.*";

  @Override
  protected ContractServer start() {
    Map<String, String> environment = System.getenv();
    boolean offline =
        Boolean.parseBoolean(
            environment.get(KubeAPIServerConfigBuilder.KUBE_API_TEST_OFFLINE_MODE));
    KubeAPIServer server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                // It reads this variable itself, but cannot turn its text into a boolean.
                .withOfflineMode(offline)
                .withApiServerVersion(
                    environment.getOrDefault(
                        KubeAPIServerConfigBuilder.KUBE_API_TEST_API_SERVER_VERSION, LINE))
                .withApiServerFlag("--enable-bootstrap-token-auth")
                .build());
    server.start();
    return new Real(server);
  }

  private record Real(KubeAPIServer server) implements ContractServer {

    @Override
    public String adminKubeconfig() {
      return server.getKubeConfigYaml();
    }

    @Override
    public Set<Capability> capabilities() {
      return EnumSet.of(Capability.STORAGE_IN_USE_PROTECTION, Capability.BOOTSTRAP_TOKENS);
    }

    @Override
    public void close() {
      server.stop();
    }
  }
}
