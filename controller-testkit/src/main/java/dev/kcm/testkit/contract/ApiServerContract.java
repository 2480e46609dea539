package dev.kcm.testkit.contract;

import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/**
 * The whole contract; extend it with the way to start a server.
 *
 * <p>One server for all tests, which run one after the other. Confined to the thread of the tests.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ApiServerContract {

  private @Nullable ContractServer server;
  private @Nullable Api api;

  /** For subclasses. */
  protected ApiServerContract() {}

  /**
   * Starts the server; called once, before the first test.
   *
   * @throws Exception when it does not start; all tests fail then
   */
  protected abstract ContractServer start() throws Exception;

  @BeforeAll
  void startServer() throws Exception {
    ContractServer started = start();
    server = started;
    api = Api.of(started.adminKubeconfig(), HttpClient.Version.HTTP_2);
  }

  @AfterAll
  void stopServer() {
    ContractServer started = server;
    if (started != null) {
      started.close();
    }
  }

  ContractServer server() {
    return started(server);
  }

  Api api() {
    return started(api);
  }

  private static <T> T started(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("the server has not started");
    }
    return value;
  }

  @Nested
  @DisplayName("A1 Storage: revisions and optimistic concurrency")
  final class StorageRules extends StorageTests {
    StorageRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A2, A3 Create and generations")
  final class CreateRules extends CreateTests {
    CreateRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A4 Delete")
  final class DeleteRules extends DeleteTests {
    DeleteRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A5 Namespaces and admission")
  final class AdmissionRules extends AdmissionTests {
    AdmissionRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A6 Subresources")
  final class SubresourceRules extends SubresourceTests {
    SubresourceRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A7 Errors")
  final class ErrorRules extends ErrorTests {
    ErrorRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A8 List")
  final class ListRules extends ListTests {
    ListRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A9 Watch")
  final class WatchRules extends WatchTests {
    WatchRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A10 Selectors")
  final class SelectorRules extends SelectorTests {
    SelectorRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A11 Patch")
  final class PatchRules extends PatchTests {
    PatchRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A11 Server-side apply")
  final class ApplyRules extends ApplyTests {
    ApplyRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A12 Defaults")
  final class DefaultRules extends DefaultTests {
    DefaultRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A13 Services")
  final class ServiceRules extends ServiceTests {
    ServiceRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A14 Discovery, OpenAPI, tables")
  final class DiscoveryRules extends DiscoveryTests {
    DiscoveryRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A15 Media types and transport")
  final class TransportRules extends TransportTests {
    TransportRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A16 Authentication and authorization")
  final class AccessRules extends AccessTests {
    AccessRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A17 Events and leases")
  final class EventRules extends EventTests {
    EventRules() {
      super(ApiServerContract.this);
    }
  }

  @Nested
  @DisplayName("A18 Custom resources")
  final class DefinitionRules extends DefinitionTests {
    DefinitionRules() {
      super(ApiServerContract.this);
    }
  }
}
