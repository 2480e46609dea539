package dev.kcm.embedded.sandbox;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Walks a ReplicationController through creation, healing and scaling: steps G1 to G5. */
final class ReplicationDemo {

  private static final Duration PROMPT = Duration.ofSeconds(10);

  private final Protocol protocol;
  private final Replicas rc;

  ReplicationDemo(Protocol protocol, Kube kube) {
    this.protocol = protocol;
    this.rc = new Replicas(kube, "nginx-rc", "myservice");
  }

  void run() throws IOException, InterruptedException {
    createsTwo();
    heals();
    String survivor = scalesKeepingTheOldest();
    scalesOnCondition(survivor);
    lettingGoAndEmptying();
  }

  private void createsTwo() throws IOException, InterruptedException {
    protocol.step("G1", "A ReplicationController of 2 gets 2 pods");
    protocol.did("kubectl create -f rc.json");
    protocol.equal("create", 201, rc.create(2).code());
    Waiting.Seen<String> seen = rc.await("2/2/2");
    protocol.equal("desired/current/ready", "2/2/2", seen.value());
    List<String> pods = rc.pods();
    protocol.check(
        "names of pods",
        "2 x nginx-rc-<5 characters>",
        pods,
        pods.size() == 2 && pods.stream().allMatch(p -> p.matches("nginx-rc-[a-z0-9]{5}")));
  }

  private void heals() throws IOException, InterruptedException {
    protocol.step("G2", "A deleted pod is replaced");
    letPodsAge();
    String victim = rc.pods().get(1);
    protocol.did("kubectl delete pod " + victim);
    rc.deletePod(victim).ok();
    Waiting.Seen<List<String>> seen =
        Waiting.until(PROMPT, rc::pods, pods -> pods.size() == 2 && !pods.contains(victim));
    protocol.within("replacement", Duration.ofSeconds(1), seen);
    String replacement = seen.value().get(seen.value().size() - 1);
    Waiting.Seen<?> event =
        Waiting.until(
            PROMPT,
            () -> rc.events("SuccessfulCreate"),
            messages -> messages.contains("Created pod: " + replacement));
    protocol.check("event", "Created pod: " + replacement, event.value(), event.held());
  }

  /**
   * Ages are compared by their order of magnitude, from times in whole seconds. So the pod that is
   * to count as the oldest must be more than twice as old as one that comes now.
   */
  private static void letPodsAge() throws IOException, InterruptedException {
    Instant old = Instant.now().plusSeconds(8);
    Waiting.Seen<Instant> unused = Waiting.until(PROMPT, Instant::now, now -> now.isAfter(old));
  }

  private String scalesKeepingTheOldest() throws IOException, InterruptedException {
    protocol.step("G3", "Scaling down and up keeps the oldest ready pod");
    rc.await("2/2/2");
    String oldest = rc.pods().get(0);
    protocol.did("kubectl scale replicationcontroller nginx-rc --replicas=1");
    rc.scale(1).ok();
    Waiting.Seen<List<String>> one = Waiting.until(PROMPT, rc::pods, pods -> pods.size() == 1);
    protocol.equal("the pod that stays", List.of(oldest), one.value());
    Waiting.Seen<?> event =
        Waiting.until(PROMPT, () -> rc.events("SuccessfulDelete"), events -> !events.isEmpty());
    protocol.check("event", "Deleted pod: ...", event.value(), event.held());
    protocol.did("kubectl scale replicationcontroller nginx-rc --replicas=3");
    rc.scale(3).ok();
    protocol.equal("desired/current/ready", "3/3/3", rc.await("3/3/3").value());
    protocol.check("the oldest pod is among them", oldest, rc.pods(), rc.pods().contains(oldest));
    return oldest;
  }

  private void scalesOnCondition(String survivor) throws IOException, InterruptedException {
    protocol.step("G4", "Scaling with a condition on the current number");
    protocol.did("kubectl scale rc nginx-rc --current-replicas=3 --replicas=1");
    protocol.equal("error", "", rc.scaleFrom(3, 1));
    protocol.equal("desired/current/ready", "1/1/1", rc.await("1/1/1").value());
    protocol.equal("the pod that stays", List.of(survivor), rc.pods());
    protocol.did("kubectl scale rc nginx-rc --current-replicas=3 --replicas=5");
    protocol.equal("error", "Expected replicas to be 3, was 1", rc.scaleFrom(3, 5));
    protocol.did("kubectl scale rc nginx-rc --current-replicas=1 --replicas=5");
    protocol.equal("error", "", rc.scaleFrom(1, 5));
    protocol.equal("desired/current/ready", "5/5/5", rc.await("5/5/5").value());
    protocol.check(
        "the oldest pod is among them", survivor, rc.pods(), rc.pods().contains(survivor));
  }

  private void lettingGoAndEmptying() throws IOException, InterruptedException {
    protocol.step("G5", "A pod without the label is let go and replaced; 0 removes all");
    String freed = rc.pods().get(0);
    protocol.did("kubectl label pod " + freed + " name-");
    rc.releasePod(freed).ok();
    Waiting.Seen<Boolean> released =
        Waiting.until(PROMPT, () -> rc.isOwned(freed), owned -> !owned);
    protocol.equal("the pod has an owner", false, released.value());
    protocol.equal("desired/current/ready", "5/5/5", rc.await("5/5/5").value());
    protocol.did("kubectl scale rc nginx-rc --replicas=0");
    rc.scale(0).ok();
    protocol.equal("desired/current/ready", "0/0/0", rc.await("0/0/0").value());
    Waiting.Seen<Integer> left = Waiting.until(PROMPT, rc::podCount, count -> count == 0);
    protocol.equal("pods left", 0, left.value());
  }
}
