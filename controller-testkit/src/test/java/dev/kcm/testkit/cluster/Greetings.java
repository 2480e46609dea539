package dev.kcm.testkit.cluster;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.object.OwnerReferences;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A controller that greets each ServiceAccount with a ConfigMap of its name. */
public final class Greetings {

  static final ResourceType<ServiceAccount> PEOPLE = ResourceType.of(ServiceAccount.class);
  static final ResourceType<ConfigMap> GREETINGS = ResourceType.of(ConfigMap.class);

  private Greetings() {}

  record Snapshot(ServiceAccount person, Optional<ConfigMap> greeting) {}

  /** The controller. */
  public static ControllerSpec controller() {
    return ControllerSpec.named("greeting").wiredBy(context -> List.of(loop(context)));
  }

  /** Somebody to greet. */
  public static ServiceAccount person(String name) {
    return new ServiceAccountBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .endMetadata()
        .build();
  }

  private static Loop<Snapshot> loop(ControllerContext context) {
    Informer<ServiceAccount> people = context.informer(PEOPLE);
    Informer<ConfigMap> greetings = context.informer(GREETINGS);
    return Loop.<Snapshot>named("greeting")
        .on(people, Enqueue.self())
        .on(greetings, Enqueue.owner(PEOPLE))
        .reading(
            (key, settled) ->
                people.lister().get(key).map(p -> new Snapshot(p, greetings.lister().get(key))))
        .deciding((snapshot, now) -> decide(snapshot))
        .build();
  }

  private static Plan decide(Snapshot snapshot) {
    return snapshot.greeting().isPresent()
        ? Plan.NOTHING
        : Plan.of(Action.create(GREETINGS, greeting(snapshot.person()), "not greeted yet"));
  }

  private static ConfigMap greeting(ServiceAccount person) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(person.getMetadata().getNamespace())
        .withName(person.getMetadata().getName())
        .withOwnerReferences(OwnerReferences.controllerReference(person, PEOPLE))
        .endMetadata()
        .withData(Map.of("text", "Hello " + person.getMetadata().getName()))
        .build();
  }
}
