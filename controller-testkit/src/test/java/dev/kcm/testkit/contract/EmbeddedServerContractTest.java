package dev.kcm.testkit.contract;

import dev.kcm.embedded.access.AuthorizationMode;
import dev.kcm.embedded.boot.EmbeddedCluster;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;

/** The contract against the embedded server, over HTTPS. */
@DisplayName("The embedded server keeps the contract")
class EmbeddedServerContractTest extends ApiServerContract {

  @Override
  protected ContractServer start() throws IOException {
    return new Embedded(
        EmbeddedCluster.builder()
            .nodes(0)
            .authorization(AuthorizationMode.RBAC)
            .requireServiceAccounts(true)
            .protectStorageInUse(true)
            .start());
  }

  private record Embedded(EmbeddedCluster cluster) implements ContractServer {

    @Override
    public String adminKubeconfig() {
      return cluster.adminKubeconfig();
    }

    @Override
    public void compact() {
      cluster.server().compact();
    }

    @Override
    public void close() {
      cluster.close();
    }
  }
}
