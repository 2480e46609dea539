package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.access.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The manifests with roles say what controllers declare. Running this test with the system property
 * {@code kcm.update} set writes them anew.
 */
class RbacManifestsTest {

  static final Path DIRECTORY = Path.of("src/dist/kubernetes");
  static final String PER_CONTROLLER = "rbac.yaml";
  static final String ONE_ACCOUNT = "rbac-one-account.yaml";

  private final RbacManifests manifests = RbacManifests.ofAll();

  @Test
  void manifestsMadeFromDeclarationsAreUpToDate() throws IOException {
    Map<String, String> files =
        Map.of(
            PER_CONTROLLER, manifests.perController(),
            ONE_ACCOUNT, manifests.oneAccount());
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = DIRECTORY.resolve(file.getKey());
      if (System.getProperty("kcm.update") != null) {
        Files.writeString(path, file.getValue());
      }
      assertThat(path)
          .as("%s; run RbacManifestsTest with -Dkcm.update to write it anew", path)
          .hasContent(file.getValue());
    }
  }

  @Test
  void onlyTheNamespaceControllerReachesEveryResource() {
    List<String> everywhere = new ArrayList<>();
    manifests
        .requestsByIdentity()
        .forEach(
            (identity, accesses) -> {
              if (accesses.stream().anyMatch(access -> access.resource().equals(Access.ALL))) {
                everywhere.add(identity);
              }
            });

    assertThat(everywhere).containsExactly("namespace-controller");
  }
}
