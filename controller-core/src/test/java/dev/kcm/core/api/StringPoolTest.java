package dev.kcm.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What repeats in objects is one string. */
final class StringPoolTest {

  private static final String OBJECT =
      """
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"$NAME","namespace":"team-a",
       "labels":{"app.kubernetes.io/name":"shop"},"annotations":{"example.org/port":"8080"},
       "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"shop-1","uid":"u"}]},
       "spec":{"nodeName":"node-1","containers":[{"name":"web","image":"example.org/web:1",
       "args":["--verbose"],"env":[{"name":"MODE","value":"production"}]}]},
       "status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}
      """;

  private final Codec codec = new Codec(false);

  private <T extends HasMetadata> T item(ResourceType<T> type, String name) throws Exception {
    byte[] json = OBJECT.replace("$NAME", name).getBytes(StandardCharsets.UTF_8);
    return codec.decoder(type).read(json, 0, json.length);
  }

  /** The same object as a watch brings it. */
  private <T extends HasMetadata> T watched(ResourceType<T> type) throws Exception {
    byte[] json = OBJECT.replace("$NAME", "c").getBytes(StandardCharsets.UTF_8);
    return codec.decoder(type).readFrozen(json, 0, json.length);
  }

  private static List<String> repeated(Pod pod) {
    OwnerReference owner = pod.getMetadata().getOwnerReferences().get(0);
    var container = pod.getSpec().getContainers().get(0);
    Map.Entry<String, String> label = pod.getMetadata().getLabels().entrySet().iterator().next();
    Map.Entry<String, String> annotation =
        pod.getMetadata().getAnnotations().entrySet().iterator().next();
    return List.of(
        pod.getKind(),
        pod.getApiVersion(),
        pod.getMetadata().getNamespace(),
        label.getKey(),
        label.getValue(),
        annotation.getKey(),
        annotation.getValue(),
        owner.getApiVersion(),
        owner.getKind(),
        owner.getName(),
        owner.getUid(),
        pod.getSpec().getNodeName(),
        container.getName(),
        container.getImage(),
        container.getArgs().get(0),
        container.getEnv().get(0).getName(),
        container.getEnv().get(0).getValue(),
        pod.getStatus().getPhase(),
        pod.getStatus().getConditions().get(0).getType());
  }

  @Test
  @DisplayName("INF-63 what repeats is shared between the objects of lists and of watches")
  void sharesWhatRepeatsInListsAndWatches() throws Exception {
    ResourceType<Pod> type = ResourceType.of(Pod.class);
    List<String> first = repeated(item(type, "a"));
    item(type, "b");
    for (int i = 0; i < 2000; i++) {
      item(type, "once-" + i);
    }
    List<String> listed = repeated(item(type, "b"));
    List<String> watched = repeated(watched(type));
    for (int i = 0; i < first.size(); i++) {
      assertThat(listed.get(i)).isSameAs(first.get(i));
      assertThat(watched.get(i)).isSameAs(first.get(i));
    }
  }

  @Test
  @DisplayName("INF-63 kinds without a class share their strings too")
  void sharesStringsOfResourcesWithoutAClass() throws Exception {
    ResourceType<GenericKubernetesResource> type =
        ResourceType.generic("", "v1", "Pod", "pods", true);
    GenericKubernetesResource one = item(type, "a");
    GenericKubernetesResource two = item(type, "b");

    assertThat(one.<String>get("spec", "nodeName")).isSameAs(two.<String>get("spec", "nodeName"));
    assertThat(one.<String>get("spec", "containers", 0, "image"))
        .isSameAs(two.<String>get("spec", "containers", 0, "image"));
  }

  @Test
  void stringsThatComeOnceDoNotPushOutWhatRepeats() {
    StringPool pool = new StringPool();
    char[] node = "node-1".toCharArray();
    String first = pool.share(node, 0, node.length);
    assertThat(pool.share(node, 0, node.length)).isSameAs(first);
    for (int i = 0; i < 100_000; i++) {
      char[] uid = ("uid-" + i).toCharArray();
      assertThat(pool.share(uid, 0, uid.length)).isEqualTo("uid-" + i);
    }
    assertThat(pool.share(node, 0, node.length)).isSameAs(first);
  }
}
