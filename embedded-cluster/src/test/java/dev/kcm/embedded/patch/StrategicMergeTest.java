package dev.kcm.embedded.patch;

import static dev.kcm.embedded.patch.PatchesTest.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.KindTable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StrategicMergeTest {

  @ParameterizedTest(name = "{0}: {1} + {2} = {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          v1/Pod  | {metadata:{labels:{a:'1',b:'2'}}} | {metadata:{labels:{a:null,c:'3'}}} | {metadata:{labels:{b:'2',c:'3'}}}
          v1/Pod  | {spec:{x:1}}                      | {spec:{nodeName:'n'}}              | {spec:{x:1,nodeName:'n'}}
          v1/Pod  | {}                                | {metadata:{labels:{a:null,b:'2'}}} | {metadata:{labels:{b:'2'}}}
          v1/Pod  | {a:1}                             | {metadata:{$patch:'delete'}}       | {a:1}
          v1/Pod  | {metadata:{name:'a'},spec:{x:1}}  | {spec:{$patch:'delete'}}           | {metadata:{name:'a'},spec:{}}
          v1/Pod  | {spec:{x:1,y:2}}                  | {spec:{$patch:'replace',y:3}}      | {spec:{y:3}}
          v1/Pod  | {spec:{x:1}}                      | {spec:{$patch:'merge',y:3}}        | {spec:{x:1,y:3}}
          """)
  void mergesObjects(String kind, String current, String patch, String expected) {
    assertThat(apply(kind, current, patch)).isEqualTo(read(expected));
  }

  @ParameterizedTest(name = "{0}: {1} + {2} = {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          v1/Pod  | {status:{conditions:[{type:'A',status:'x'},{type:'B'}]}} | {status:{conditions:[{type:'A',status:'y'}]}} | {status:{conditions:[{type:'A',status:'y'},{type:'B'}]}}
          v1/Pod  | {status:{conditions:[{type:'A'},{type:'B'}]}}  | {status:{conditions:[{type:'C'}]}}                | {status:{conditions:[{type:'C'},{type:'A'},{type:'B'}]}}
          v1/Pod  | {status:{conditions:[{type:'A'},{type:'B'}]}}  | {status:{conditions:[{type:'B',x:1},{type:'C'}]}} | {status:{conditions:[{type:'A'},{type:'B',x:1},{type:'C'}]}}
          v1/Pod  | {status:{conditions:[{type:'A'},{type:'B'}]}}  | {status:{conditions:[{type:'A',$patch:'delete'}]}}| {status:{conditions:[{type:'B'}]}}
          v1/Pod  | {status:{conditions:[{type:'A'},{type:'B'}]}}  | {status:{conditions:[{$patch:'replace'},{type:'C'}]}} | {status:{conditions:[{type:'C'}]}}
          v1/Pod  | {status:{conditions:[{type:'A'}]}}             | {status:{conditions:[{$patch:'replace'}]}}        | {status:{conditions:[]}}
          v1/Pod  | {status:{conditions:[{type:'A'}]}}             | {status:{conditions:null}}                        | {status:{}}
          v1/Pod  | {status:{}}                                    | {status:{conditions:[{type:'A',x:null},{type:'B',$patch:'delete'}]}} | {status:{conditions:[{type:'A'}]}}
          v1/Pod  | {spec:{containers:[{name:'a',env:[{name:'X',value:'1'}]}]}} | {spec:{containers:[{name:'a',env:[{name:'Y',value:'2'},{name:'X',value:'3'}]}]}} | {spec:{containers:[{name:'a',env:[{name:'Y',value:'2'},{name:'X',value:'3'}]}]}}
          v1/Pod  | {spec:{tolerations:[{key:'a'}]}}               | {spec:{tolerations:[{key:'b'}]}}                  | {spec:{tolerations:[{key:'b'}]}}
          v1/Pod  | {metadata:{ownerReferences:[{uid:'1'},{uid:'2'}]}} | {metadata:{ownerReferences:[{$patch:'delete',uid:'1'}],uid:'7'}} | {metadata:{ownerReferences:[{uid:'2'}],uid:'7'}}
          v1/Pod  | {metadata:{ownerReferences:[{uid:'1'}]}}       | {metadata:{ownerReferences:[{uid:'2',controller:true}]}} | {metadata:{ownerReferences:[{uid:'2',controller:true},{uid:'1'}]}}
          v1/Service | {spec:{ports:[{port:80,name:'a'}]}}         | {spec:{ports:[{port:80,name:'b'}]}}               | {spec:{ports:[{port:80,name:'b'}]}}
          v1/Service | {status:{loadBalancer:{ingress:[{ip:'1'}]}}}| {status:{loadBalancer:{ingress:[{ip:'2'}]}}}      | {status:{loadBalancer:{ingress:[{ip:'2'}]}}}
          v1/Node | {spec:{taints:[{key:'a'}]}}                    | {spec:{taints:[{key:'b'}]}}                       | {spec:{taints:[{key:'b'}]}}
          v1/Node | {status:{addresses:[{type:'X',address:'1'}]}}  | {status:{addresses:[{type:'X',address:'2'}]}}     | {status:{addresses:[{type:'X',address:'2'}]}}
          v1/ServiceAccount | {secrets:[{name:'a'}]}               | {secrets:[{name:'b'}]}                            | {secrets:[{name:'b'},{name:'a'}]}
          v1/Endpoints | {subsets:[{addresses:[{ip:'1'}]}]}        | {subsets:[{addresses:[{ip:'2'}]}]}                | {subsets:[{addresses:[{ip:'2'}]}]}
          apps/v1/Deployment | {spec:{template:{spec:{volumes:[{name:'v',emptyDir:{}}]}}}} | {spec:{template:{spec:{volumes:[{name:'v',$retainKeys:['name','hostPath'],hostPath:{path:'/'}}]}}}} | {spec:{template:{spec:{volumes:[{name:'v',hostPath:{path:'/'}}]}}}}
          apps/v1/Deployment | {spec:{strategy:{type:'RollingUpdate',rollingUpdate:{maxSurge:1}}}} | {spec:{strategy:{$retainKeys:['type'],type:'Recreate'}}} | {spec:{strategy:{type:'Recreate'}}}
          policy/v1/PodDisruptionBudget | {spec:{selector:{matchLabels:{a:'1'}}}} | {spec:{selector:{matchLabels:{b:'2'}}}} | {spec:{selector:{matchLabels:{b:'2'}}}}
          batch/v1/Job | {spec:{selector:{matchLabels:{a:'1'}}}}   | {spec:{selector:{matchLabels:{b:'2'}}}}           | {spec:{selector:{matchLabels:{a:'1',b:'2'}}}}
          """)
  void mergesListsAsTheirTypeSays(String kind, String current, String patch, String expected) {
    assertThat(apply(kind, current, patch)).isEqualTo(read(expected));
  }

  @ParameterizedTest(name = "{0} + {1} = {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ['a','b'] | {finalizers:['b','c']}                        | ['a','b','c']
          ['a']     | {finalizers:['a']}                            | ['a']
          []        | {finalizers:['x','x']}                        | ['x']
          ['a','b'] | {'$deleteFromPrimitiveList/finalizers':['a']} | ['b']
          ['a','b'] | {'$deleteFromPrimitiveList/finalizers':['z']} | ['a','b']
          ['a','b'] | {'$deleteFromPrimitiveList/finalizers':['a'],'$setElementOrder/finalizers':['c','b'],finalizers:['c']} | ['c','b']
          ['a','b','c'] | {'$setElementOrder/finalizers':['c','a']} | ['b','c','a']
          ['a','b','c'] | {'$setElementOrder/finalizers':['c','b','a']} | ['c','b','a']
          """)
  void mergesListsOfScalars(String current, String change, String expected) {
    JsonNode merged =
        apply("v1/Pod", "{metadata:{finalizers:" + current + "}}", "{metadata:" + change + "}");
    assertThat(merged.path("metadata").path("finalizers")).isEqualTo(read(expected));
  }

  @ParameterizedTest(name = "{0} + {1} = {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [{name:'a'},{name:'b'}] | {'$setElementOrder/containers':[{name:'b'},{name:'a'}]} | [{name:'b'},{name:'a'}]
          [{name:'a'},{name:'b'}] | {'$setElementOrder/containers':[{name:'b'},{name:'a'}],containers:[{name:'a',image:'i'}]} | [{name:'b'},{name:'a',image:'i'}]
          [{name:'a'},{name:'s'},{name:'b'}] | {'$setElementOrder/containers':[{name:'a'},{name:'n'},{name:'b'}],containers:[{name:'n'}]} | [{name:'a'},{name:'n'},{name:'s'},{name:'b'}]
          [{name:'a'},{name:'b'}] | {'$setElementOrder/containers':[{name:'b'}],containers:[{name:'a',$patch:'delete'}]} | [{name:'b'}]
          """)
  void ordersItemsAsThePatchSays(String current, String change, String expected) {
    JsonNode merged =
        apply("v1/Pod", "{spec:{containers:" + current + "}}", "{spec:" + change + "}");
    assertThat(merged.path("spec").path("containers")).isEqualTo(read(expected));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {spec:{containers:[{image:'x'}]}}         | map: {"image":"x"} does not contain declared merge key: name
          {spec:{containers:['x']}}                 | cannot merge list containers: items must be objects
          {metadata:{finalizers:[{a:1}]}}           | cannot merge list finalizers: items must be scalars
          {spec:{$patch:'what'}}                    | unknown patch type: what in map: {"$patch":"what"}
          {spec:{$retainKeys:'a'}}                  | invalid patch format of retainKeys: not a list
          {spec:{$retainKeys:['a'],b:1}}            | invalid patch format of retainKeys: it does not name the field b
          {spec:{'$setElementOrder/containers':5}}  | invalid patch format of setElementOrder list: containers is not a list
          {metadata:{'$deleteFromPrimitiveList/finalizers':'a'}} | invalid patch format of primitive list: finalizers
          """)
  void refusesBadDirectives(String patch, String message) {
    PatchException refusal =
        catchThrowableOfType(
            PatchException.class,
            () ->
                apply(
                    "v1/Pod",
                    "{metadata:{finalizers:['a']},spec:{containers:[{name:'a'}]}}",
                    patch));
    assertThat(refusal).hasMessage(message);
    assertThat(refusal.code()).isEqualTo(422);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [{name:'a'},{name:'b'}] | [{name:'b'},{name:'a'}]
          [{name:'a'}]            | [{name:'b'}]
          """)
  void refusesAnOrderThatContradictsTheItems(String items, String order) {
    PatchException refusal =
        catchThrowableOfType(
            PatchException.class,
            () ->
                apply(
                    "v1/Pod",
                    "{spec:{containers:[]}}",
                    "{spec:{containers:"
                        + items
                        + ",'$setElementOrder/containers':"
                        + order
                        + "}}"));
    assertThat(refusal).hasMessageStartingWith("The order in patch list:");
  }

  private static JsonNode apply(String kind, String current, String patch) {
    JsonNode before = read(current);
    JsonNode change = read(patch);
    JsonNode after = Patches.apply(PatchType.STRATEGIC, before, change, kind(kind));
    assertThat(before).as("the object to patch").isEqualTo(read(current));
    assertThat(change).as("the patch").isEqualTo(read(patch));
    return after;
  }

  private static Kind kind(String text) {
    int slash = text.lastIndexOf('/');
    return KindTable.standard()
        .ofKind(text.substring(0, slash), text.substring(slash + 1))
        .orElseThrow();
  }
}
