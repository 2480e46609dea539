package dev.kcm.core.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.informer.PodJson;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PackingTest {

  private final KubernetesSerialization json = new KubernetesSerialization();

  private Pod pod() {
    return json.unmarshal(PodJson.of(7), Pod.class);
  }

  private Pod packedPod() {
    Pod pod = pod();
    Packing.pack(pod);
    return pod;
  }

  @Test
  void packedPodIsTheSamePod() {
    assertThat(packedPod()).isEqualTo(pod());
    assertThat(pod()).isEqualTo(packedPod());
    assertThat(packedPod()).hasSameHashCodeAs(pod());
    assertThat(json.asJson(packedPod())).isEqualTo(json.asJson(pod()));
  }

  @Test
  void collectionsOfAPackedPodAreFrozen() {
    Pod pod = packedPod();
    List<Runnable> changes =
        List.of(
            () -> pod.getMetadata().getLabels().put("a", "b"),
            () -> pod.getMetadata().getFinalizers().add("f"),
            () -> pod.getMetadata().setAdditionalProperty("a", "b"),
            () -> pod.getSpec().getContainers().remove(0),
            () -> pod.getSpec().getContainers().get(0).getEnv().clear(),
            () -> pod.getSpec().getContainers().get(0).getResources().getLimits().remove("cpu"));
    for (Runnable change : changes) {
      assertThatThrownBy(change::run).isInstanceOf(UnsupportedOperationException.class);
    }
    Packing.pack(pod);
    assertThat(pod).isEqualTo(pod());
  }

  @Test
  void buildersOfAPackedPodMakeOnesThatCanBeChanged() {
    Pod copy =
        new PodBuilder(packedPod())
            .editMetadata()
            .addToLabels("a", "b")
            .removeFromAnnotations("prometheus.io/port")
            .addToFinalizers("f")
            .endMetadata()
            .editSpec()
            .editFirstContainer()
            .addNewEnv()
            .withName("E")
            .endEnv()
            .endContainer()
            .endSpec()
            .build();
    copy.getMetadata().getLabels().put("c", "d");
    copy.getMetadata().getFinalizers().add("g");
    copy.getMetadata().setAdditionalProperty("x", "y");
    copy.getSpec().getContainers().remove(1);

    assertThat(copy.getMetadata().getLabels()).hasSize(5).containsEntry("a", "b");
    assertThat(copy.getMetadata().getFinalizers()).containsExactly("f", "g");
    assertThat(copy.getSpec().getContainers().get(0).getEnv()).hasSize(3);
  }

  @Test
  void packsResourcesWithoutAClassOfTheirOwn() {
    String text =
        """
        {"apiVersion":"example.org/v1","kind":"Thing","metadata":{"name":"a"},
         "spec":{"list":[1,null,{"x":{}}],"map":{"a":[],"b":null}}}
        """;
    GenericKubernetesResource packed = json.unmarshal(text, GenericKubernetesResource.class);
    Packing.pack(packed);

    assertThat(packed).isEqualTo(json.unmarshal(text, GenericKubernetesResource.class));
    assertThat(json.asJson(packed))
        .isEqualTo(json.asJson(json.unmarshal(text, GenericKubernetesResource.class)));
    assertThat(packed.<List<Object>>get("spec", "list")).isInstanceOf(PackedList.class);
    assertThat(packed.<Map<String, Object>>get("spec", "map")).isInstanceOf(PackedMap.class);
  }

  /** A kind as users define theirs. */
  @Group("example.org")
  @Version("v1")
  public static final class Thing extends CustomResource<ThingSpec, Void> {
    private static final long serialVersionUID = 1L;
  }

  /** Its own class, with a list and a model object. */
  public static final class ThingSpec {
    private List<String> others = new ArrayList<>();
    private LabelSelector selector = new LabelSelector();

    public List<String> getOthers() {
      return others;
    }

    public void setOthers(List<String> others) {
      this.others = others;
    }

    public LabelSelector getSelector() {
      return selector;
    }

    public void setSelector(LabelSelector selector) {
      this.selector = selector;
    }
  }

  @Test
  void leavesCollectionsOfCustomClassesAlone() {
    String text =
        """
        {"apiVersion":"example.org/v1","kind":"Thing","metadata":{"name":"a","labels":{"a":"b"}},
         "spec":{"others":["y"],"selector":{"matchLabels":{"c":"d"}}}}
        """;
    Thing thing = json.unmarshal(text, Thing.class);
    Packing.pack(thing);

    thing.getSpec().getOthers().add("z");
    assertThat(thing.getSpec().getOthers()).containsExactly("y", "z");
    assertThat(thing.getMetadata().getLabels()).isInstanceOf(PackedMap.class);
    assertThat(thing.getSpec().getSelector().getMatchLabels()).isInstanceOf(PackedMap.class);
  }

  @Test
  void packedMapsAndListsAreLikeTheOnesTheyStandFor() throws Exception {
    Map<String, String> map = new LinkedHashMap<>();
    List<String> list = new ArrayList<>();
    for (int i = 0; i < PackedMap.LONGEST; i++) {
      Map<String, String> packed = PackedMap.of(map);
      assertThat(packed).isEqualTo(map).hasSameHashCodeAs(map).hasToString(map.toString());
      assertThat(new ArrayList<>(packed.entrySet())).isEqualTo(new ArrayList<>(map.entrySet()));
      assertThat(packed.get("k0")).isEqualTo(map.get("k0"));
      assertThat(packed.containsKey("none")).isFalse();
      assertThat(packed.get(null)).isNull();
      assertThat(copied(packed)).isEqualTo(map);
      Map<String, String> told = new LinkedHashMap<>();
      packed.forEach(told::put);
      assertThat(told).isEqualTo(map);
      List<String> packedList = PackedList.of(list);
      assertThat(packedList).isEqualTo(list).hasSameHashCodeAs(list);
      assertThat(packedList.contains(null)).isEqualTo(list.contains(null));
      assertThat(copied(packedList)).isEqualTo(list);
      map.put("k" + i, i % 3 == 0 ? null : "v" + i);
      list.add(i % 3 == 1 ? null : "v" + i);
    }
    assertThat(PackedMap.of(Map.of())).isSameAs(PackedMap.of(new LinkedHashMap<>()));
    assertThat(PackedList.of(new ArrayList<>())).isSameAs(Collections.emptyList());
    List<String> packed = PackedList.of(Arrays.asList("a", "b"));
    assertThat(PackedList.of(packed)).isSameAs(packed);
  }

  private static Object copied(Object value) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }
}
