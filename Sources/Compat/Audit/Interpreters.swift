/// Small programs of the interpreters that scripts are written for: what they call is what every script needs.
public enum Interpreters {
    public struct Probe: Sendable {
        public let name: String
        public let command: [String]
    }

    /// Each does what scripts do most: reads and writes a file, lists a directory, starts a program and reads what it says.
    public static let probes = [
        Probe(name: "sh", command: ["sh", "-c", #"f=${TMPDIR:-/tmp}/probe.$$; echo a >"$f"; while read -r l; do :; done <"$f"; ls / | wc -l >/dev/null; x=$(uname); (exit 3) & wait $!; rm "$f"; test -n "$x""#]),
        Probe(name: "Bash", command: ["bash", "-c", #"f=${TMPDIR:-/tmp}/probe.$$; echo a >"$f"; mapfile -t l <"$f"; set -m; sleep 0 & wait; x=$(uname | cat <(echo a) -); [[ -d / && $x ]]; printf '%(%s)T' >/dev/null; rm "$f""#]),
        Probe(name: "Python", command: ["python3", "-c", "import os,subprocess,tempfile,threading,json,socket,select,time\nwith tempfile.TemporaryDirectory() as d:\n p=os.path.join(d,'f')\n open(p,'w').write('a'); assert open(p).read()=='a'; os.listdir(d); os.rename(p,p+'2')\nassert subprocess.run(['uname'],capture_output=True).stdout\nt=threading.Thread(target=lambda: time.sleep(0.001)); t.start(); t.join()\na,b=socket.socketpair(); a.send(b'x'); select.select([b],[],[],1); b.recv(1)"]),
        Probe(name: "Node", command: ["node", "-e", "const fs=require('fs'),os=require('os'),p=require('path');const d=fs.mkdtempSync(p.join(os.tmpdir(),'p'));fs.writeFileSync(d+'/f','a');fs.readFileSync(d+'/f');fs.readdirSync(d);fs.rmSync(d,{recursive:true});require('child_process').execFileSync('uname');setTimeout(()=>{},1)"]),
        Probe(name: "Ruby", command: ["ruby", "-e", "require 'tempfile'; Tempfile.create{|f| f.write('a'); f.flush; File.read(f.path)}; Dir.children('/'); `uname`; Thread.new{sleep 0.001}.join"]),
        Probe(name: "Perl", command: ["perl", "-e", "use File::Temp 'tempfile'; my($f,$n)=tempfile(UNLINK=>1); print $f 'a'; close $f; open(F,'<',$n); <F>; opendir(D,'/'); readdir(D); my $u=`uname`; die unless $u"]),
        Probe(name: "Lua", command: ["lua5.4", "-e", "local n=os.tmpname(); local f=io.open(n,'w'); f:write('a'); f:close(); for l in io.lines(n) do end; os.remove(n); local p=io.popen('uname'); assert(p:read()); p:close(); os.time()"]),
        Probe(name: "Java", command: ["java", "-version"]),
    ]
}
