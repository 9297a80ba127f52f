/* Wine 8 has no bcryptprimitives.dll, from which every Rust program imports its randomness. This is the one function that they
   use, made of the one that Wine has: RtlGenRandom, which advapi32 exports under this name. */

__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *buffer, unsigned long length);

__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *buffer, unsigned long long length)
{
    const unsigned long most = 1ul << 30;
    while (length > 0) {
        unsigned long piece = length > most ? most : (unsigned long)length;
        if (!SystemFunction036(buffer, piece))
            return 0;
        buffer += piece;
        length -= piece;
    }
    return 1;
}
