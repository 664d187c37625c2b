/// The page's only script, at most 3 kB: sort and filter of tables, copy of commands, any two runs side by
/// side. Everything that it needs it makes itself, so that without it nothing dead is on the page. It
/// loads, sends and stores nothing.
///
/// Written without the three signs of markup, so that HTML and XML parsers read the same text.
enum HTMLScript {
  static let source = """
    (function(){'use strict';var d=document;
    function list(x){return Array.prototype.slice.call(x)}
    function all(s,r){return list((r||d).querySelectorAll(s))}
    function on(e,t,f){e.addEventListener(t,f)}
    function make(t,c,x,p){var e=d.createElement(t);if(c)e.className=c;if(x)e.textContent=x;if(p)p.appendChild(e);return e}
    function key(c){var v=c.getAttribute('data-v');return v===null?c.textContent.trim():v}
    function order(a,b,up){if(a===b)return 0;if(!a)return 1;if(!b)return -1;
    var n=Number(a)-Number(b);return (isNaN(n)?a.localeCompare(b):n)*up}
    all('table[data-sort]').forEach(function(t){
    var body=t.tBodies[0],rows=list(body.rows),heads=all('th',t.tHead);
    heads.forEach(function(h,i){var b=make('button','sort');
    while(h.firstChild)b.appendChild(h.firstChild);h.appendChild(b);
    on(b,'click',function(){var up=h.getAttribute('aria-sort')==='ascending'?-1:1;
    heads.forEach(function(o){o.removeAttribute('aria-sort')});
    h.setAttribute('aria-sort',up===1?'ascending':'descending');
    rows.map(function(r,n){return [key(r.cells[i]),n,r]}).sort(function(x,y){
    return order(x[0],y[0],up)||x[1]-y[1]}).forEach(function(x){body.appendChild(x[2])})})});
    if(!rows[5])return;
    var p=make('p','filter'),f=make('input','','',make('label','','filter rows ',p)),n=make('span','','',p);
    f.type='search';n.setAttribute('role','status');on(f,'input',function(){
    var q=f.value.toLowerCase(),k=0;rows.forEach(function(r){
    r.hidden=r.textContent.toLowerCase().indexOf(q)===-1;if(!r.hidden)k++});
    n.textContent=q?k+' of '+rows.length:''});
    t.parentNode.parentNode.insertBefore(p,t.parentNode)});
    all('pre[data-copy]').forEach(function(p){var b=make('button','copy','copy');
    p.parentNode.insertBefore(b,p);on(b,'click',function(){getSelection().selectAllChildren(p);
    function old(){b.textContent=d.execCommand('copy')?'copied':'press Ctrl-C'}
    if(navigator.clipboard)navigator.clipboard.writeText(p.textContent).then(function(){
    b.textContent='copied'},old);else old()})});
    all('table[data-compare]').forEach(function(t){var rows=list(t.tBodies[0].rows);
    if(!rows[1])return;
    var box=make('div','compare'),q=['from ','to '].map(function(w,i){
    var s=make('select','','',make('label','',w,box));
    rows.forEach(function(r){make('option','',r.cells[0].textContent,s)});s.selectedIndex=1-i;return s}),
    o=make('table','','',box);make('caption','','two runs',o);
    var h=make('tr','','',make('thead','','',o)),u=make('tbody','','',o);
    ['metric','from','to','change'].forEach(function(x,i){make('th',i?'num':'',x,h).scope='col'});
    function show(){u.textContent='';var a=rows[q[0].selectedIndex],b=rows[q[1].selectedIndex];
    all('th',t.tHead).forEach(function(m,i){var x=key(a.cells[i]),y=key(b.cells[i]);
    if(!m.className||!x||!y)return;var r=make('tr','','',u),c=y-x;
    make('th','',m.textContent,r).scope='row';make('td','num',a.cells[i].textContent,r);
    make('td','num',b.cells[i].textContent,r);
    make('td','num',(Math.max(c,0)?'+':'')+String(Number(c.toPrecision(3))).replace('e+','e'),r)})}
    q.forEach(function(s){on(s,'change',show)});show();
    t.parentNode.parentNode.insertBefore(box,t.parentNode)})})();
    """
}
