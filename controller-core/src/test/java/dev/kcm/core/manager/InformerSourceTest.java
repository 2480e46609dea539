package dev.kcm.core.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.informer.NamespaceSet;
import dev.kcm.core.informer.Selection;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.run.Pods;
import dev.kcm.core.run.ScriptedApi;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InformerSourceTest {

  private static final ResourceType<Node> NODES = ResourceType.of(Node.class);

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(5);
  private final ScriptedApi api = ScriptedApi.on(environment);
  private final Informers informers = Informers.builder(api).environment(environment).build();
  private final NamespaceSet teams = NamespaceSet.of(List.of("team-a", "team-b"));

  @Test
  void thosePartsThatAreAskedForAreShared() {
    InformerSource source = InformerSource.of(informers);
    Selection web = Selection.namespace("team-a").withLabels("app=web");

    assertThat(source.informer(Pods.TYPE, web)).isSameAs(source.informer(Pods.TYPE, web));
    assertThat(source.informer(Pods.TYPE, web)).isSameAs(informers.get(Pods.TYPE, web));
    assertThat(source.informer(Pods.TYPE, Selection.ALL)).isSameAs(informers.get(Pods.TYPE));
    assertThatThrownBy(() -> source.informer(NODES, Selection.namespace("team-a")))
        .hasMessage("nodes have no namespaces, selected: [team-a]");
  }

  @Test
  void namespacesOfTheSourceAreMeantByWhoNamesNone() {
    InformerSource source = InformerSource.in(teams, informers);
    Selection web = Selection.ALL.withLabels("app=web");

    assertThat(source.informer(Pods.TYPE, Selection.ALL))
        .isSameAs(informers.get(Pods.TYPE, Selection.in(teams)));
    assertThat(source.informer(Pods.TYPE, web))
        .isSameAs(informers.get(Pods.TYPE, Selection.in(teams).withLabels("app=web")));
    assertThat(source.informer(Pods.TYPE, Selection.namespace("other")))
        .isSameAs(informers.get(Pods.TYPE, Selection.namespace("other")));
    assertThat(source.informer(NODES, Selection.ALL)).isSameAs(informers.get(NODES));
  }

  @Test
  void aControllerAsksItsContextForPartsAndForMetadataOnly() {
    List<Informer<?>> given = new ArrayList<>();
    ControllerSpec spec =
        ControllerSpec.named("pods")
            .wiredBy(
                context -> {
                  Informer<PartialObjectMetadata> names =
                      context.informer(Pods.TYPE.metadataOnly(), Selection.namespace("team-a"));
                  given.add(names);
                  given.add(context.informer(Pods.TYPE));
                  return List.of(
                      Loop.<PartialObjectMetadata>named("pods")
                          .on(names, Enqueue.self())
                          .reading((key, settled) -> names.lister().get(key))
                          .deciding((object, now) -> Plan.NOTHING)
                          .build());
                });
    Manager manager =
        Manager.named("m")
            .controllers(List.of(spec))
            .clients(identity -> api)
            .informers(InformerSource.in(teams, informers))
            .meters(new SimpleMeterRegistry())
            .create(environment);
    manager.standBy();
    environment.run();

    assertThat(given)
        .containsExactly(
            informers.get(Pods.TYPE.metadataOnly(), Selection.namespace("team-a")),
            informers.get(Pods.TYPE, Selection.in(teams)));
    assertThat(informers.list()).hasSize(2).noneMatch(i -> i.state().equals("NOT_STARTED"));
    assertThat(manager.informerHealth()).containsOnlyKeys("informer-pods");
  }
}
