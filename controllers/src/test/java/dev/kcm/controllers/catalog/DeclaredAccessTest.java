package dev.kcm.controllers.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.access.Access;
import dev.kcm.core.manager.ControllerSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What controllers declare is what they are wired to, and no more than upstream's may do. */
class DeclaredAccessTest {

  /** Whose credentials all caches are filled with. */
  private static final String PROCESS = "system:kube-controller-manager";

  /** Token Secrets are filled with the credentials of the process, as upstream fills them. */
  private static final Set<String> ACT_AS_PROCESS = Set.of("tokens-controller");

  private static final BootstrapRules UPSTREAM = BootstrapRules.read();

  @TempDir private static Path directory;

  static Stream<ControllerSpec> controllers() {
    return ModelContext.everything(directory).specs().stream();
  }

  @ParameterizedTest
  @MethodSource("controllers")
  void eachInformerIsDeclaredAndEachDeclaredWatchHasOne(ControllerSpec spec) {
    ModelContext context = new ModelContext();
    spec.wiring().wire(context);
    Set<String> declared = new TreeSet<>();
    for (Access access : spec.access()) {
      if (!access.watches().grants().isEmpty()) {
        String where = access.namespaces().isEmpty() ? "" : " " + access.namespaces();
        declared.add(access.qualifiedResource() + where);
      }
    }

    assertThat(declared).as(spec.name()).isEqualTo(context.asked());
  }

  @ParameterizedTest
  @MethodSource("controllers")
  @DisplayName("no right is declared that upstream's role of the same identity does not give")
  void declaresNoMoreThanUpstreamMayDo(ControllerSpec spec) {
    String role =
        ACT_AS_PROCESS.contains(spec.client()) ? PROCESS : "system:controller:" + spec.client();
    List<String> beyond = new ArrayList<>();
    for (Access access : spec.access()) {
      beyond.addAll(beyond(PROCESS, access.watches()));
      beyond.addAll(beyond(role, access.requests()));
    }

    assertThat(beyond).as(spec.name()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("controllers")
  void eachResourceIsDeclaredOnce(ControllerSpec spec) {
    assertThat(spec.access())
        .as(spec.name())
        .isNotEmpty()
        .extracting(access -> access.qualifiedResource() + access.namespaces() + access.names())
        .doesNotHaveDuplicates();
  }

  @Test
  void rightsThatUpstreamDoesNotGiveAreFound() {
    assertThat(beyond("system:controller:ttl-controller", Access.to("", "nodes").delete("nothing")))
        .containsExactly("delete nodes");
    assertThat(
            beyond(
                "system:controller:bootstrap-signer",
                Access.to("", "configmaps")
                    .in("kube-public")
                    .named("a", "cluster-info")
                    .update("it")))
        .containsExactly("update configmaps a");
  }

  private static List<String> beyond(String role, Access access) {
    List<String> beyond = new ArrayList<>();
    for (Access.Grant grant : access.grants()) {
      for (String verb : grant.verbs()) {
        for (String namespace : orAll(access.namespaces())) {
          for (String name : orAll(access.names())) {
            if (!UPSTREAM.allow(role, access.group(), access.resource(), verb, namespace, name)) {
              beyond.add((verb + " " + access.qualifiedResource() + " " + name).strip());
            }
          }
        }
      }
    }
    return beyond;
  }

  private static List<String> orAll(List<String> names) {
    return names.isEmpty() ? List.of("") : names;
  }
}
