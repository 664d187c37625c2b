"""Makes Tests/Fixtures/chat/templates.json: chat templates rendered by transformers.

Run: python3 scripts/goldens/make_chat_templates.py > Tests/Fixtures/chat/templates.json
Needs transformers 5.23.0 and jinja2 3.1.6. The templates are written for this file; between them they use
what the templates of Llama 3, Qwen 2.5 and 3, Mistral, Gemma, Phi-3, DeepSeek and SmolLM3 use.
"""
import json
import jinja2
import transformers
from transformers.utils.chat_template_utils import render_jinja_template

BASIC = [{"role": "user", "content": "你好 "}, {"role": "assistant", "content": " Hello\nthere"},
         {"role": "user", "content": "x < y & \"z\" 'q' é 👍🏽"}, {"role": "assistant", "content": "done"}]
SYSTEM = [{"role": "system", "content": " Be brief. "}] + BASIC
OPEN = BASIC[:3]
THINK = [{"role": "user", "content": "1+1?"},
         {"role": "assistant", "content": "<think>\none and one\n</think>\n\n2"},
         {"role": "user", "content": "sure?"}, {"role": "assistant", "content": "<think>a</think>yes"}]
TOOLS = [{"type": "function", "function": {"name": "add", "description": "Adds \"a\" and b", "parameters": {
    "type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "number"}}, "required": ["a"]}}}]
CALLS = [{"role": "user", "content": "add"},
         {"role": "assistant", "content": None, "tool_calls": [
             {"id": "c1", "type": "function", "function": {"name": "add", "arguments": {"a": 1, "b": 2.5, "c": [True, None]}}}]},
         {"role": "tool", "content": "3.5"}, {"role": "tool", "content": "4"},
         {"role": "assistant", "content": "It is 3.5"}]
EMPTY = [{"role": "user", "content": ""}, {"role": "assistant", "content": ""}]

T = {}
T["chatml"] = "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
T["generation"] = """{% for message in messages %}
  {% if message.role == 'assistant' %}
<|a|>
    {%- generation %}{{ message.content | trim }}<|end|>{% endgeneration %}

  {% else %}
<|{{ message.role }}|>{{ message.content }}
  {% endif %}
{% endfor %}
{% if add_generation_prompt %}<|a|>{% endif %}
"""
T["generation_loop"] = """{%- for m in messages -%}
{%- if m['role'] == 'user' -%}U:{{ m['content'] }}
{%- elif m['role'] == 'assistant' -%}
A:{% generation %}{% if m['content'] %}{{ m['content'] }}{% else %}(nothing){% endif %}{{ eos_token }}{% endgeneration %}
{%- endif -%}
{%- endfor -%}"""
T["llama3"] = """{{- bos_token }}
{%- if custom_tools is defined %}
    {%- set tools = custom_tools %}
{%- endif %}
{%- if not date_string is defined %}
    {%- set date_string = "26 Jul 2024" %}
{%- endif %}
{#- The system message comes first. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if tools is not none %}
    {{- "Environment: ipython\\n" }}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
{%- endif %}
{{- "Today Date: " + date_string + "\\n\\n" }}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("This model only supports single tool-calls at once!") }}
        {%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}
        {{- '{"name": "' + tool_call.name + '", ' }}
        {{- '"parameters": ' }}
        {{- tool_call.arguments | tojson }}
        {{- "}" }}
        {{- "<|eot_id|>" }}
    {%- elif message.role == "tool" or message.role == "ipython" %}
        {{- "<|start_header_id|>ipython<|end_header_id|>\\n\\n" }}
        {%- if message.content is mapping or message.content is iterable %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
"""
T["qwen3"] = """{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0].role == 'system' %}
        {{- messages[0].content + '\\n\\n' }}
    {%- endif %}
    {{- "# Tools\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools><|im_end|>\\n" }}
{%- else %}
    {%- if messages[0].role == 'system' %}
        {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
    {%- endif %}
{%- endif %}
{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}
        {%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}
        {%- set content = message.content %}
    {%- else %}
        {%- set content = '' %}
    {%- endif %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {%- set reasoning_content = '' %}
        {%- if message.reasoning_content is string %}
            {%- set reasoning_content = message.reasoning_content %}
        {%- else %}
            {%- if '</think>' in content %}
                {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
                {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
            {%- endif %}
        {%- endif %}
        {%- if loop.index0 > ns.last_query_index %}
            {%- if loop.last or (not loop.last and reasoning_content) %}
                {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning_content.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
            {%- else %}
                {{- '<|im_start|>' + message.role + '\\n' + content }}
            {%- endif %}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\\n' + content }}
        {%- endif %}
        {%- if message.tool_calls %}
            {%- for tool_call in message.tool_calls %}
                {%- if (loop.first and content) or (not loop.first) %}
                    {{- '\\n' }}
                {%- endif %}
                {%- if tool_call.function %}
                    {%- set tool_call = tool_call.function %}
                {%- endif %}
                {{- '<tool_call>\\n{"name": "' }}
                {{- tool_call.name }}
                {{- '", "arguments": ' }}
                {%- if tool_call.arguments is string %}
                    {{- tool_call.arguments }}
                {%- else %}
                    {{- tool_call.arguments | tojson }}
                {%- endif %}
                {{- '}\\n</tool_call>' }}
            {%- endfor %}
        {%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\\n<tool_response>\\n' }}
        {{- content }}
        {{- '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|im_end|>\\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}"""
T["mistral"] = """{%- if messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}
{%- set ns = namespace() %}
{%- set ns.index = 0 %}
{%- for message in loop_messages %}
    {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
        {{- raise_exception("roles must alternate") }}
    {%- endif %}
    {%- set ns.index = ns.index + 1 %}
{%- endfor %}
{{- bos_token }}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- if loop.last and system_message is defined %}
            {{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" }}
        {%- elif message == user_messages[-1] %}
            {{- "[LAST] " ~ message.content ~ "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- else %}
        {{- " " + message["content"]|trim + eos_token }}
    {%- endif %}
{%- endfor %}"""
T["gemma"] = "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\\n'}}{% endif %}"
T["macros"] = """{%- macro show(message, prefix='> ', suffix="") -%}
{{ prefix }}{{ message.role | upper }}: {{ message.content if message.content is not none else '-' }}{{ suffix }}
{%- endmacro -%}
{%- macro twice(x) %}{{ x }}{{ x }}{% endmacro %}
{%- for m in messages if m.role != 'system' %}
{{ show(m, suffix=twice('!')) }}
{%- else %}none
{%- endfor %}
{% set block %}a {{ messages | length }} b{% endset %}{{ block | replace('a', 'A') }}
{%- for k, v in messages[0].items() %}
 {{ loop.index }}/{{ loop.length }} {{ k }}={{ v }}{{ ", " if not loop.last }}
{%- endfor %}"""
T["expressions"] = """{{ 1 + 2 * 3 - 4 // 3 }} {{ 7 % 3 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 2 ** 3 ** 2 }} {{ 7 / 2 }} {{ 1.0 }} {{ 1e0 if false else 0.5 }}
{{ [1, 'a', none, true, 2.5, {'k': 'v'}] }} {{ 'it\\'s' }} {{ ["it's", 'say "x"'] }}
{{ 1 < 2 < 3 }} {{ 1 < 2 > 3 }} {{ 'a' in 'cat' }} {{ 'x' not in ['x'] }} {{ not true or true and false }}
{{ messages | map(attribute='role') | join('|') }} {{ messages | map('length') | list }} {{ messages | rejectattr('role', 'eq', 'user') | map(attribute='content') | list | length }}
{{ undefined_thing }}|{{ undefined_thing is defined }}|{{ undefined_thing | default('d') }}|{{ '' | default('e', true) }}
{{ 'abcdef'[1:4] }} {{ 'abcdef'[::-1] }} {{ 'abcdef'[-2:] }} {{ '日本語👍🏽'[:3] }} {{ '日本語' | length }} {{ [1,2,3][-1] }} {{ (1, 2)[0] }}
{{ 'a,b,,c'.split(',') }} {{ ' a  b '.split() }} {{ 'a-b-c'.split('-', 1) }} {{ 'xxabcxx'.strip('x') }} {{ 'Hello World'.lower().title() }} {{ 'aXbX'.replace('X', '-', 1) }}
{{ {'b': 1, 'a': 2} | dictsort | map('first') | list }} {{ {'b': 1}.get('c', 'none') }} {{ {'a': 1, 'b': {'c': [1, 2]}} | tojson }} {{ {'a': []} | tojson(indent=2) }}
{{ range(3) | list }} {{ range(1, 10, 4) | list }} {{ 'yes' if messages else 'no' }}{{ 'only' if false }} {{ 3 is odd }} {{ 4 is divisibleby 2 }} {{ 'a' ~ 1 ~ none }}
{{ messages[0].role.upper() }} {{ messages[9] is defined }} {{ messages | first == messages[0] }} {{ (messages | last).role }} {{ 'abc' | reverse }} {{ [3,1,3] | unique | list }}
{%- for i in range(10) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}{% break %}{% endif %} {{ i }}{{ loop.cycle('x', 'y') }}{% endfor %}
{{ 'Ä' == 'A\\u0308' }} {{ "a" "b" }} {{ 'tab\\there' }} {{ [] is sequence }} {{ none is none }} {{ 'x' is string }} {{ 1 is number }} {{ true is boolean }} {{ {} is mapping }}
{{ true and 'and' }} {{ none or 'or' }} {{ 5 | string + '!' }} {{ ' 42 ' | int + 1 }} {{ 'x' | int }} {{ '3.5' | float }} {{ -3 | abs }} {{ 'a\nb' | tojson }} {{ "</script>&'" | tojson }}"""
T["whitespace"] = """  {% if true %}
    indented
  {% endif %}
text {% if true %} same line {% endif %} end
{#- comment -#}
   joined
	{%+ if true %}kept{% endif +%}

{{- '' }}
   {{ 'x' }}   
{# whole line #}
last
"""

def main():
    cases = []
    conversations = {"basic": BASIC, "system": SYSTEM, "open": OPEN, "think": THINK, "calls": CALLS, "empty": EMPTY}
    for name, template in T.items():
        for label, messages in conversations.items():
            for prompt in (False, True):
                for tools in ((None, TOOLS) if label in ("calls", "system") else (None,)):
                    case = {"template": name, "conversation": label, "add_generation_prompt": prompt}
                    if tools: case["tools"] = tools
                    try:
                        texts, spans = render_jinja_template(
                            conversations=[messages], tools=tools, chat_template=template,
                            add_generation_prompt=prompt, return_assistant_tokens_mask="{% generation" in template.replace("{%-", "{%"),
                            bos_token="<s>", eos_token="</s>")
                        case["text"] = texts[0]
                        if spans: case["answers"] = [list(s) for s in spans[0]]
                    except Exception as error:
                        case["error"] = type(error).__name__
                    cases.append(case)
    json.dump({"made_with": {"transformers": transformers.__version__, "jinja2": jinja2.__version__},
               "templates": T, "conversations": conversations, "cases": cases}, __import__("sys").stdout, ensure_ascii=False, indent=1)
    print()

main()
